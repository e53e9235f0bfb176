package io.sonde.exporters.otlp;

import io.opentelemetry.exporter.internal.TlsUtil;
import io.sonde.core.Complaints;
import io.sonde.core.Messages;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom a target that is spoken to by TLS must be signed by, and what it is shown, from files. */
final class Secrets {
  private static final int MAX_FILE = 4 << 20;
  private static final String CERTIFICATE = "OTEL_EXPORTER_OTLP_CERTIFICATE";
  private static final String CLIENT_KEY = "OTEL_EXPORTER_OTLP_CLIENT_KEY";
  private static final String CLIENT_CERTIFICATE = "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE";

  final SSLContext context;
  final X509TrustManager trusted;

  private Secrets(SSLContext context, X509TrustManager trusted) {
    this.context = context;
    this.trusted = trusted;
  }

  /** Null where the JVM's own will do, which is where nothing usable is set. */
  static @Nullable Secrets of(Target target, Messages messages) {
    if (!target.tls) {
      return null;
    }
    X509TrustManager trusted = trusted(target, messages);
    KeyManager shown = shown(target, messages);
    if (trusted == null && shown == null) {
      return null;
    }
    try {
      X509TrustManager all = trusted != null ? trusted : TlsUtil.defaultTrustManager();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(shown == null ? null : new KeyManager[] {shown}, new TrustManager[] {all}, null);
      return new Secrets(context, all);
    } catch (IOException | GeneralSecurityException e) {
      messages.warn("TLS is left at the JVM's defaults: " + Complaints.line(e.getMessage()));
      return null;
    }
  }

  private static @Nullable X509TrustManager trusted(Target target, Messages messages) {
    String certificate = target.certificate;
    if (certificate == null) {
      return null;
    }
    try {
      return TlsUtil.trustManager(content(certificate));
    } catch (IOException | RuntimeException e) {
      unusable(messages, CERTIFICATE, certificate, "certificates in PEM", e);
      return null;
    }
  }

  private static @Nullable KeyManager shown(Target target, Messages messages) {
    String key = target.clientKey;
    String certificate = target.clientCertificate;
    if (key == null && certificate == null) {
      return null;
    }
    if (key == null || certificate == null) {
      messages.warn(
          CLIENT_KEY
              + " and "
              + CLIENT_CERTIFICATE
              + " belong together, but only one is set and usable: no client certificate is sent");
      return null;
    }
    try {
      return TlsUtil.keyManager(content(key), content(certificate));
    } catch (IOException | RuntimeException e) {
      unusable(
          messages,
          CLIENT_KEY + " or " + CLIENT_CERTIFICATE,
          key + "', '" + certificate,
          "a PKCS#8 key without a password, which \"openssl pkcs8 -topk8 -nocrypt\" makes,"
              + " and its certificate, both in PEM",
          e);
      return null;
    }
  }

  private static void unusable(
      Messages messages, String option, String value, String expected, Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    messages.warn(
        option
            + "='"
            + value
            + "' is not usable and left out (expected "
            + expected
            + "): "
            + Complaints.line(cause.getMessage()));
  }

  private static byte[] content(String path) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = new FileInputStream(path)) {
      byte[] some = new byte[8192];
      for (int n = in.read(some); n > 0 && bytes.size() < MAX_FILE; n = in.read(some)) {
        bytes.write(some, 0, n);
      }
    }
    return bytes.toByteArray();
  }
}
