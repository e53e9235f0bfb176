package io.sonde.agent.metrics;

import io.sonde.core.Keeping;
import io.sonde.core.Keeping.Reason;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;

/** What left for the sake of exemplars though it is not sampled, and what did not. */
final class KeptMetrics implements MetricSource {
  private static final Instrument TRACES =
      new Instrument(
          Kind.COUNTER,
          "sonde.exemplar.kept.traces",
          "{trace}",
          "Traces exported for their exemplar alone.");
  private static final Instrument SPANS =
      new Instrument(
          Kind.COUNTER,
          "sonde.exemplar.kept.spans",
          "{span}",
          "Spans exported for their trace's exemplar alone.");
  private static final Instrument LEFT_OUT =
      new Instrument(
          Kind.COUNTER,
          "sonde.exemplar.left_out",
          "{span}",
          "Spans of traces kept for exemplars that are not exported or not shown.");

  @Override
  public void read(MetricReader reader) {
    Keeping keeping = Keeping.current();
    if (keeping == null) {
      return;
    }
    reader.instrument(TRACES);
    reader.number(Labels.NONE, keeping.traces());
    reader.instrument(SPANS);
    reader.number(Labels.NONE, keeping.spans());
    reader.instrument(LEFT_OUT);
    for (Reason reason : Reason.values()) {
      reader.number(Labels.of("sonde.reason", reason.label), keeping.leftOut(reason));
    }
  }
}
