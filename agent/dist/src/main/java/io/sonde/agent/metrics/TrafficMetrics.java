package io.sonde.agent.metrics;

import io.sonde.core.Traffic;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;

/** Requests and bytes of those exporters that sent some. */
final class TrafficMetrics implements MetricSource {
  private static final String EXPORTER = "sonde.exporter";
  private static final Instrument REQUESTS =
      new Instrument(
          Kind.COUNTER,
          "sonde.exporter.requests",
          "{request}",
          "Requests of an exporter, with error.type where the receiver did not take them.");
  private static final Instrument SENT =
      new Instrument(
          Kind.COUNTER,
          "sonde.exporter.sent",
          "By",
          "Bodies of these requests, those of OTLP before compression.");

  @Override
  public void read(MetricReader reader) {
    reader.instrument(REQUESTS);
    for (Traffic one : Traffic.all()) {
      if (isUsed(one)) {
        reader.number(Labels.of(EXPORTER, one.exporter), one.answered());
        reader.number(Labels.of(EXPORTER, one.exporter, "error.type", "failed"), one.failed());
      }
    }
    reader.instrument(SENT);
    for (Traffic one : Traffic.all()) {
      if (isUsed(one)) {
        reader.number(Labels.of(EXPORTER, one.exporter), one.bytes());
      }
    }
  }

  private static boolean isUsed(Traffic one) {
    return one.bytes() + one.failed() > 0;
  }
}
