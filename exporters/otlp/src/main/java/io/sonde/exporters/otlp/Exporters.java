package io.sonde.exporters.otlp;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporterBuilder;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.sonde.core.Messages;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;

/**
 * Makes OpenTelemetry's exporter of metrics for a target; it does its work on the thread that calls
 * it.
 */
final class Exporters {
  private final Target target;
  private final Senders senders;
  private final Messages messages;
  private final String version;

  Exporters(Target target, Senders senders, Messages messages, String version) {
    this.target = target;
    this.senders = senders;
    this.messages = messages;
    this.version = version;
  }

  io.opentelemetry.sdk.metrics.export.MetricExporter metrics() {
    return target.grpc ? grpcMetrics() : httpMetrics();
  }

  private OtlpHttpMetricExporter httpMetrics() {
    OtlpHttpMetricExporterBuilder builder =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(target.url())
            .setTimeout(Duration.ofMillis(target.timeoutMillis))
            .setConnectTimeout(Duration.ofMillis(target.timeoutMillis))
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setMeterProvider(MeterProvider::noop)
            .setComponentLoader(senders);
    connection(builder::addHeader, builder::setCompression, builder::setSslContext);
    return builder.build();
  }

  private OtlpGrpcMetricExporter grpcMetrics() {
    OtlpGrpcMetricExporterBuilder builder =
        OtlpGrpcMetricExporter.builder()
            .setEndpoint(target.url())
            .setTimeout(Duration.ofMillis(target.timeoutMillis))
            .setConnectTimeout(Duration.ofMillis(target.timeoutMillis))
            .setMemoryMode(MemoryMode.IMMUTABLE_DATA)
            .setMeterProvider(MeterProvider::noop)
            .setComponentLoader(senders);
    connection(builder::addHeader, builder::setCompression, builder::setSslContext);
    return builder.build();
  }

  /** What the builders have in common, though not by type. */
  private void connection(
      BiConsumer<String, String> header,
      Consumer<String> compression,
      BiConsumer<SSLContext, X509TrustManager> tls) {
    Connection.headers(target, version).forEach(header);
    if (target.gzip) {
      compression.accept("gzip");
    }
    Secrets secrets = Secrets.of(target, messages);
    if (secrets != null) {
      tls.accept(secrets.context, secrets.trusted);
    }
  }
}
