package io.sonde.exporters.otlp;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether sums are counted from the start of the process or from the last export. */
public enum Temporality {
  /** Everything from the start. */
  CUMULATIVE(false, false),
  /** Histograms and counters from the last export. */
  DELTA(true, true),
  /** Histograms from the last export, counters from the start. */
  LOWMEMORY(true, false);

  final boolean deltaHistograms;
  final boolean deltaCounters;

  Temporality(boolean deltaHistograms, boolean deltaCounters) {
    this.deltaHistograms = deltaHistograms;
    this.deltaCounters = deltaCounters;
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
