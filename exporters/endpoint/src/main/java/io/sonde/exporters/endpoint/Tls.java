package io.sonde.exporters.endpoint;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/** Speaks TLS over accepted sockets, with a certificate and a key from PEM files. */
final class Tls {
  private static final int MAX_FILE = 1 << 20;
  private static final String[] KEYS = {"RSA", "EC", "Ed25519"};
  private static final char[] NO_PASSWORD = {};

  private final SSLSocketFactory sockets;

  Tls(String certificate, String key) throws IOException, GeneralSecurityException {
    Certificate[] chain =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(content(certificate)))
            .toArray(new Certificate[0]);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("sonde", key(content(key)), NO_PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, NO_PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    sockets = context.getSocketFactory();
  }

  /** The server's end of TLS over {@code client}, which is closed with it. */
  Socket over(Socket client) throws IOException {
    return sockets.createSocket(client, null, true);
  }

  private static PrivateKey key(byte[] pem) throws GeneralSecurityException {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END PRIVATE KEY-----");
    if (from < 0 || to < from) {
      throw new InvalidKeySpecException(
          "SONDE_HTTP_KEY is no PKCS#8 key without a password, which"
              + " \"openssl pkcs8 -topk8 -nocrypt\" makes");
    }
    byte[] bytes = Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    for (String algorithm : KEYS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (GeneralSecurityException e) {
        // Of another kind, or of one that this JVM does not know.
      }
    }
    throw new InvalidKeySpecException("SONDE_HTTP_KEY is a key of a kind that this JVM lacks");
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
