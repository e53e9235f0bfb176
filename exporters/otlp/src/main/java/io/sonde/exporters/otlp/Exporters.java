package io.sonde.exporters.otlp;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporterBuilder;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.sonde.core.Complaints;
import io.sonde.core.Messages;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Makes OpenTelemetry's exporter for a target; it does its work on the thread that calls it. */
final class Exporters {
  private static final int MAX_FILE = 4 << 20;
  private static final String CERTIFICATE = "OTEL_EXPORTER_OTLP_CERTIFICATE";
  private static final String CLIENT_KEY = "OTEL_EXPORTER_OTLP_CLIENT_KEY";
  private static final String CLIENT_CERTIFICATE = "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE";

  private final Target target;
  private final Senders senders;
  private final Messages messages;

  Exporters(Target target, Senders senders, Messages messages) {
    this.target = target;
    this.senders = senders;
    this.messages = messages;
  }

  io.opentelemetry.sdk.trace.export.SpanExporter make(RetryPolicy retry) {
    return target.grpc ? grpc(retry) : http(retry);
  }

  io.opentelemetry.sdk.metrics.export.MetricExporter metrics(RetryPolicy retry) {
    return target.grpc ? grpcMetrics(retry) : httpMetrics(retry);
  }

  private OtlpHttpMetricExporter httpMetrics(RetryPolicy retry) {
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(target.url())
            .setTimeout(Duration.ofMillis(target.timeoutMillis))
            .setConnectTimeout(Duration.ofMillis(target.timeoutMillis))
            .setRetryPolicy(retry)
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setMeterProvider(MeterProvider::noop)
            .setComponentLoader(senders)
            .setExecutorService(new HereAndNow());
    connection(
        builder::addHeader,
        builder::setCompression,
        builder::setTrustedCertificates,
        builder::setClientTls);
    return builder.build();
  }

  private OtlpGrpcMetricExporter grpcMetrics(RetryPolicy retry) {
    OtlpGrpcMetricExporterBuilder builder =
        OtlpGrpcMetricExporter.builder()
            .setEndpoint(target.url())
            .setTimeout(Duration.ofMillis(target.timeoutMillis))
            .setConnectTimeout(Duration.ofMillis(target.timeoutMillis))
            .setRetryPolicy(retry)
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setMeterProvider(MeterProvider::noop)
            .setComponentLoader(senders)
            .setExecutorService(new HereAndNow());
    connection(
        builder::addHeader,
        builder::setCompression,
        builder::setTrustedCertificates,
        builder::setClientTls);
    return builder.build();
  }

  private OtlpHttpSpanExporter http(RetryPolicy retry) {
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(target.url())
            .setTimeout(Duration.ofMillis(target.timeoutMillis))
            .setConnectTimeout(Duration.ofMillis(target.timeoutMillis))
            .setRetryPolicy(retry)
            .setMemoryMode(MemoryMode.REUSABLE_DATA)
            .setMeterProvider(MeterProvider.noop())
            .setComponentLoader(senders)
            .setExecutorService(new HereAndNow());
    connection(
        builder::addHeader,
        builder::setCompression,
        builder::setTrustedCertificates,
        builder::setClientTls);
    return builder.build();
  }

  private OtlpGrpcSpanExporter grpc(RetryPolicy retry) {
    OtlpGrpcSpanExporterBuilder builder =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(target.url())
            .setTimeout(Duration.ofMillis(target.timeoutMillis))
            .setConnectTimeout(Duration.ofMillis(target.timeoutMillis))
            .setRetryPolicy(retry)
            .setMemoryMode(MemoryMode.REUSABLE_DATA)
            .setMeterProvider(MeterProvider.noop())
            .setComponentLoader(senders)
            .setExecutorService(new HereAndNow());
    connection(
        builder::addHeader,
        builder::setCompression,
        builder::setTrustedCertificates,
        builder::setClientTls);
    return builder.build();
  }

  /** A setter of a builder that takes one file's content. */
  private interface OneFile {
    void set(byte[] content);
  }

  /** A setter of a builder that takes two files' content. */
  private interface TwoFiles {
    void set(byte[] key, byte[] certificate);
  }

  /** What the builders have in common, though not by type. */
  private void connection(
      BiConsumer<String, String> header,
      Consumer<String> compression,
      OneFile certificates,
      TwoFiles client) {
    target.headers.forEach(header);
    if (target.gzip) {
      compression.accept("gzip");
    }
    trust(certificates);
    identity(client);
  }

  private void trust(OneFile setter) {
    if (!target.tls || target.certificate == null) {
      return;
    }
    try {
      setter.set(content(target.certificate));
    } catch (IOException | RuntimeException e) {
      unusable(CERTIFICATE, target.certificate, "certificates in PEM", e);
    }
  }

  private void identity(TwoFiles setter) {
    String key = target.clientKey;
    String certificate = target.clientCertificate;
    if (!target.tls || key == null && certificate == null) {
      return;
    }
    if (key == null || certificate == null) {
      messages.warn(
          CLIENT_KEY
              + " and "
              + CLIENT_CERTIFICATE
              + " belong together, but only one is set and usable: no client certificate is sent");
      return;
    }
    try {
      setter.set(content(key), content(certificate));
    } catch (IOException | RuntimeException e) {
      unusable(
          CLIENT_KEY + " or " + CLIENT_CERTIFICATE,
          key + "', '" + certificate,
          "a PKCS#8 key without a password, which \"openssl pkcs8 -topk8 -nocrypt\" makes,"
              + " and its certificate, both in PEM",
          e);
    }
  }

  private void unusable(String option, String value, String expected, Exception e) {
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
