package io.sonde.exporters.otlp;

import io.sonde.core.metrics.Instrument;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether sums are counted from the start of the process or from the last export. */
public enum Temporality {
  /** Everything from the start. */
  CUMULATIVE,
  /** Histograms and counters from the last export. */
  DELTA,
  /** The same but for counters that others keep and that are only read, from the start. */
  LOWMEMORY;

  boolean delta(Instrument of) {
    switch (of.kind) {
      case HISTOGRAM:
        return this != CUMULATIVE;
      case COUNTER:
        return this == DELTA || this == LOWMEMORY && of.since == 0;
      default:
        return false;
    }
  }

  /** The one that OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE calls so, or null. */
  public static @Nullable Temporality of(String name) {
    for (Temporality one : values()) {
      if (one.name().equals(name.toUpperCase(Locale.ROOT))) {
        return one;
      }
    }
    return null;
  }
}
