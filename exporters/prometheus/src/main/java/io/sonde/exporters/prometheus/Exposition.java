package io.sonde.exporters.prometheus;

import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricSource;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** All metrics in the format that a scraper asks for. */
public final class Exposition {
  /** A format that metrics can be written in. */
  public enum Format {
    /** Prometheus's own text format. */
    TEXT("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics, the one with exemplars. */
    OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8"),
    /** Prometheus's protobuf, the one with native histograms. */
    PROTOBUF(
        "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
            + " encoding=delimited");

    /** The value of Content-Type. */
    public final String contentType;

    Format(String contentType) {
      this.contentType = contentType;
    }

    /** The one that the value of an Accept header prefers. */
    public static Format of(@Nullable String accept) {
      if (accept == null) {
        return TEXT;
      }
      double open = -1;
      double text = -1;
      double protobuf = -1;
      for (String range : accept.toLowerCase(Locale.ROOT).split(",")) {
        String[] parts = range.trim().split(";");
        String type = parts[0].trim();
        if (type.equals("application/openmetrics-text")) {
          open = Math.max(open, quality(parts));
        } else if (type.equals("text/plain") || type.equals("text/*")) {
          text = Math.max(text, quality(parts));
        } else if (type.equals("application/vnd.google.protobuf") && delimited(parts)) {
          protobuf = Math.max(protobuf, quality(parts));
        }
      }
      if (protobuf > 0 && protobuf >= open && protobuf >= text) {
        return PROTOBUF;
      }
      return open > 0 && open >= text ? OPEN_METRICS : TEXT;
    }

    private static boolean delimited(String[] parts) {
      boolean family = false;
      boolean delimited = false;
      for (int i = 1; i < parts.length; i++) {
        String parameter = parts[i].trim();
        family |= parameter.equals("proto=io.prometheus.client.metricfamily");
        delimited |= parameter.equals("encoding=delimited");
      }
      return family && delimited;
    }

    private static double quality(String[] parts) {
      for (int i = 1; i < parts.length; i++) {
        String parameter = parts[i].trim();
        if (parameter.startsWith("q=")) {
          try {
            return Double.parseDouble(parameter.substring(2));
          } catch (NumberFormatException e) {
            return 0;
          }
        }
      }
      return 1;
    }
  }

  private final MetricSource source;
  private final Labels resource;
  private final Labels scope;
  private final Histograms histograms;
  private final Created created;

  /** With classic buckets alone. */
  public Exposition(MetricSource source, Labels resource, String version) {
    this(source, resource, version, Histograms.CLASSIC, new Created());
  }

  /** Writes what {@code source} has, with the scope's name and version on each series. */
  public Exposition(
      MetricSource source,
      Labels resource,
      String version,
      Histograms histograms,
      Created created) {
    this.source = source;
    this.created = created;
    this.resource = resource;
    this.histograms = histograms;
    scope = Labels.of("otel_scope_name", "io.sonde", "otel_scope_version", version);
  }

  /** Writes everything. */
  public void write(Format format, OutputStream to) throws IOException {
    try {
      if (format == Format.PROTOBUF) {
        ProtobufFormat protobuf = new ProtobufFormat(to, scope, histograms, created);
        protobuf.target(resource);
        source.read(protobuf);
        protobuf.end();
        return;
      }
      TextFormat text = new TextFormat(to, format == Format.OPEN_METRICS, scope, created);
      text.target(resource);
      source.read(text);
      text.end();
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
  }
}
