package io.sonde.agent.metrics;

import io.sonde.core.Red;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls as OpenTelemetry's conventions name them. */
final class ConventionNames implements Naming {
  private final boolean http;

  /**
   * Names all calls.
   *
   * @param http false where those of HTTP have other names instead
   */
  ConventionNames(boolean http) {
    this.http = http;
  }

  @Override
  public void show(List<Calls> calls, MetricReader reader) {
    Instrument instrument = null;
    Merged merged = Merged.withOwnBounds();
    for (Calls each : calls) {
      if (!http && (each.of(Calls.SERVER) || each.of(Calls.CLIENT))) {
        continue;
      }
      if (each.instrument != instrument) {
        show(instrument, merged, reader);
        instrument = each.instrument;
        merged = Merged.withOwnBounds();
      }
      // What was thrown and by whom it was called is kept for other names than these.
      Labels labels = each.labels.without(Red.EXCEPTION).without(Red.ROOT);
      merged.add(labels, each.histogram);
    }
    show(instrument, merged, reader);
  }

  private static void show(@Nullable Instrument instrument, Merged merged, MetricReader reader) {
    if (instrument != null) {
      merged.histograms(instrument, 1, reader);
    }
  }
}
