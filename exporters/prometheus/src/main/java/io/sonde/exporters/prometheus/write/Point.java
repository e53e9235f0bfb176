package io.sonde.exporters.prometheus.write;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One series of an instrument as it was read, a number or a histogram; or that it is no more. */
final class Point {
  final Instrument instrument;
  final Labels labels;
  final double value;
  final @Nullable Histogram histogram;
  final boolean stale;

  private Point(
      Instrument instrument,
      Labels labels,
      double value,
      @Nullable Histogram histogram,
      boolean stale) {
    this.instrument = instrument;
    this.labels = labels;
    this.value = value;
    this.histogram = histogram;
    this.stale = stale;
  }

  static Point of(Instrument instrument, Labels labels, double value) {
    return new Point(instrument, labels, value, null, false);
  }

  static Point of(Instrument instrument, Labels labels, Histogram histogram) {
    return new Point(instrument, labels, 0, histogram, false);
  }

  /** That the series ends here. */
  Point ended() {
    return new Point(instrument, labels, value, histogram, true);
  }

  /** What makes it the same series as another. */
  List<Object> key() {
    return Arrays.asList(instrument.name, labels);
  }

  /** How many samples it becomes. */
  int samples() {
    return histogram == null ? 1 : histogram.counts.length + 2;
  }

  /** About how many bytes it holds on to. */
  int bytes() {
    return histogram == null ? 64 : 128 + 24 * histogram.counts.length;
  }
}
