package io.sonde.exporters.otlp;

import io.sonde.settings.Option;

/** The settings of one signal, each before the one for all signals. */
final class Signal {
  static final Signal TRACES =
      new Signal(
          "v1/traces",
          Option.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
          Option.OTEL_EXPORTER_OTLP_TRACES_INSECURE,
          Option.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL,
          Option.OTEL_EXPORTER_OTLP_TRACES_HEADERS,
          Option.OTEL_EXPORTER_OTLP_TRACES_COMPRESSION,
          Option.OTEL_EXPORTER_OTLP_TRACES_TIMEOUT,
          Option.OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE,
          Option.OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY,
          Option.OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE);
  static final Signal METRICS =
      new Signal(
          "v1/metrics",
          Option.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT,
          Option.OTEL_EXPORTER_OTLP_METRICS_INSECURE,
          Option.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL,
          Option.OTEL_EXPORTER_OTLP_METRICS_HEADERS,
          Option.OTEL_EXPORTER_OTLP_METRICS_COMPRESSION,
          Option.OTEL_EXPORTER_OTLP_METRICS_TIMEOUT,
          Option.OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE,
          Option.OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY,
          Option.OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE);
  static final Signal PROFILES =
      new Signal(
          "v1development/profiles",
          Option.OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT,
          Option.OTEL_EXPORTER_OTLP_PROFILES_INSECURE,
          Option.OTEL_EXPORTER_OTLP_PROFILES_PROTOCOL,
          Option.OTEL_EXPORTER_OTLP_PROFILES_HEADERS,
          Option.OTEL_EXPORTER_OTLP_PROFILES_COMPRESSION,
          Option.OTEL_EXPORTER_OTLP_PROFILES_TIMEOUT,
          Option.OTEL_EXPORTER_OTLP_PROFILES_CERTIFICATE,
          Option.OTEL_EXPORTER_OTLP_PROFILES_CLIENT_KEY,
          Option.OTEL_EXPORTER_OTLP_PROFILES_CLIENT_CERTIFICATE);

  final String path;
  final Option endpoint;
  final Option insecure;
  final Option protocol;
  final Option headers;
  final Option compression;
  final Option timeout;
  final Option certificate;
  final Option clientKey;
  final Option clientCertificate;

  private Signal(
      String path,
      Option endpoint,
      Option insecure,
      Option protocol,
      Option headers,
      Option compression,
      Option timeout,
      Option certificate,
      Option clientKey,
      Option clientCertificate) {
    this.path = path;
    this.endpoint = endpoint;
    this.insecure = insecure;
    this.protocol = protocol;
    this.headers = headers;
    this.compression = compression;
    this.timeout = timeout;
    this.certificate = certificate;
    this.clientKey = clientKey;
    this.clientCertificate = clientCertificate;
  }
}
