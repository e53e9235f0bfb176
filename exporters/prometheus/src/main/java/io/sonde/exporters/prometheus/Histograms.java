package io.sonde.exporters.prometheus;

import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which buckets Prometheus is given, in those formats that have a choice. */
public enum Histograms {
  /** Those of the conventions. */
  CLASSIC(true, false),
  /** Exponential ones, where they are counted. */
  NATIVE(false, true),
  /** Both. */
  BOTH(true, true);

  private final boolean classic;

  /** Whether exponential buckets are to be counted. */
  public final boolean exponential;

  Histograms(boolean classic, boolean exponential) {
    this.classic = classic;
    this.exponential = exponential;
  }

  /** The one that the user wants. */
  public static Histograms of(Settings settings) {
    String name = String.valueOf(settings.text(Option.SONDE_METRICS_HISTOGRAMS));
    for (Histograms one : values()) {
      if (one.name().equals(name.toUpperCase(Locale.ROOT))) {
        return one;
      }
    }
    settings.problem(Option.SONDE_METRICS_HISTOGRAMS.name(), name, "classic, native or both");
    return CLASSIC;
  }

  /** Whether classic buckets are shown of this one. */
  public boolean classic(Histogram histogram) {
    return classic || histogram.exponential == null;
  }

  /** The exponential buckets that are shown of this one, or null. */
  public @Nullable Exponential exponential(Histogram histogram) {
    return exponential ? histogram.exponential : null;
  }
}
