package io.sonde.agent.metrics;

import io.sonde.core.Names;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.List;
import java.util.function.Supplier;

/** Calls by the name and kind of their spans, as Jaeger and Tempo ask for them. */
final class SpanMetrics implements Naming {
  /** The labels that a series has here, in the words of one backend. */
  private final String service;

  private final String name;
  private final String kind;
  private final String status;
  private final Instrument calls;
  private final Instrument duration;
  private final double unitsPerSecond;
  private final Supplier<String> ownName;

  private SpanMetrics(
      String[] labels,
      String calls,
      Instrument duration,
      double unitsPerSecond,
      Supplier<String> ownName) {
    service = labels[0];
    name = labels[1];
    kind = labels[2];
    status = labels[3];
    this.calls = new Instrument(Kind.COUNTER, calls, "", "Calls by the name of their spans.");
    this.duration = duration;
    this.unitsPerSecond = unitsPerSecond;
    this.ownName = ownName;
  }

  private static Instrument duration(String name, String unit) {
    return new Instrument(Kind.HISTOGRAM, name, unit, "Duration of calls by their spans' names.");
  }

  /** For Jaeger's monitor page; the collector's connector has the same names. */
  static SpanMetrics ofJaeger(Supplier<String> ownName) {
    return new SpanMetrics(
        new String[] {"service.name", "span.name", "span.kind", "status.code"},
        "traces.span.metrics.calls",
        duration("traces.span.metrics.duration", "ms"),
        1000,
        ownName);
  }

  /** As Tempo's metrics generator names them, for Grafana. */
  static SpanMetrics ofTempo(Supplier<String> ownName) {
    return new SpanMetrics(
        new String[] {"service", "span_name", "span_kind", "status_code"},
        "traces_spanmetrics_calls",
        duration("traces_spanmetrics_latency", ""),
        1,
        ownName);
  }

  @Override
  public void show(List<Calls> all, MetricReader reader) {
    String own = ownName.get();
    Merged merged = Merged.withCommonBounds();
    for (Calls each : all) {
      merged.add(labels(each, own), each.histogram);
    }
    merged.counts(calls, reader);
    merged.histograms(duration, unitsPerSecond, reader);
  }

  private Labels labels(Calls of, String own) {
    if (of.isOverflow()) {
      return Labels.of(service, own, kind, kind(of), Calls.OVERFLOW, true);
    }
    return Labels.of(
        service,
        own,
        name,
        name(of),
        kind,
        kind(of),
        status,
        of.failed() ? "STATUS_CODE_ERROR" : "STATUS_CODE_UNSET");
  }

  /** As the span is called that is exported. */
  private static String name(Calls of) {
    if (of.of(Calls.SERVER) || of.of(Calls.CLIENT)) {
      String method = of.text(Names.HTTP_REQUEST_METHOD, "_OTHER");
      String verb = method.equals("_OTHER") ? "HTTP" : method;
      String route = of.text(Names.HTTP_ROUTE);
      return route == null ? verb : verb + ' ' + route;
    }
    if (of.of(Calls.DATABASE)) {
      String summary = of.text(Names.DB_QUERY_SUMMARY);
      return summary == null ? target(of) : summary;
    }
    String operation = of.text(Names.MESSAGING_OPERATION_NAME, "");
    String destination = of.text(Names.MESSAGING_DESTINATION_NAME);
    return destination == null ? operation : operation + ' ' + destination;
  }

  private static String target(Calls of) {
    String host = of.text(Names.SERVER_ADDRESS);
    String port = of.text(Names.SERVER_PORT);
    String address = host == null ? null : port == null ? host : host + ':' + port;
    return of.text(
        Names.DB_NAMESPACE, address == null ? of.text(Names.DB_SYSTEM_NAME, "") : address);
  }

  private static String kind(Calls of) {
    if (of.of(Calls.SERVER)) {
      return "SPAN_KIND_SERVER";
    }
    if (of.of(Calls.PROCESS)) {
      return "SPAN_KIND_CONSUMER";
    }
    return "send".equals(of.text(Names.MESSAGING_OPERATION_TYPE))
        ? "SPAN_KIND_PRODUCER"
        : "SPAN_KIND_CLIENT";
  }
}
