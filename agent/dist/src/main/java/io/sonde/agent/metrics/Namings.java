package io.sonde.agent.metrics;

import io.sonde.core.Red;
import io.sonde.core.metrics.MetricSource;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Under which names calls are shown, as SONDE_METRICS_NAMES and SONDE_SPAN_METRICS say. */
final class Namings {
  private boolean conventions = true;
  private boolean micrometer;
  private boolean jaeger;
  private boolean tempo;
  private boolean graph;

  Namings(Settings settings) {
    String names = String.valueOf(settings.text(Option.SONDE_METRICS_NAMES));
    switch (names) {
      case "otel":
        break;
      case "micrometer":
        conventions = false;
        micrometer = true;
        break;
      case "both":
        micrometer = true;
        break;
      default:
        settings.problem(Option.SONDE_METRICS_NAMES.name(), names, "otel, micrometer or both");
    }
    for (String spans : settings.list(Option.SONDE_SPAN_METRICS)) {
      switch (spans) {
        case "jaeger":
          jaeger = true;
          break;
        case "tempo":
          tempo = true;
          break;
        case "servicegraph":
          graph = true;
          break;
        case "none":
          break;
        default:
          settings.problem(
              Option.SONDE_SPAN_METRICS.name(), spans, "jaeger, tempo, servicegraph or none");
      }
    }
  }

  /** Whether series have to be told apart by exception. */
  boolean exceptions() {
    return micrometer;
  }

  /** Whether requests have to be told apart that no span called. */
  boolean roots() {
    return graph;
  }

  /** What was recorded, by these names. */
  MetricSource of(Red red, Supplier<String> service) {
    if (!micrometer && !jaeger && !tempo && !graph) {
      return red;
    }
    List<Naming> namings = new ArrayList<>();
    namings.add(new ConventionNames(conventions));
    if (micrometer) {
      namings.add(new MicrometerNames());
    }
    if (jaeger) {
      namings.add(SpanMetrics.ofJaeger(service));
    }
    if (tempo) {
      namings.add(SpanMetrics.ofTempo(service));
    }
    if (graph) {
      namings.add(new ServiceGraph(service));
    }
    return new NamedCalls(red, namings);
  }
}
