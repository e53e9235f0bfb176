package io.sonde.exporters.prometheus.write;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.exporters.prometheus.Histograms;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One series of an instrument as it was read, a number or a histogram; or that it is no more. */
final class Point {
  /** Without what it refers to. */
  static final int BYTES = 64;

  final Instrument instrument;
  final Labels labels;
  final double value;
  final @Nullable Histogram histogram;
  final boolean stale;

  /** How many samples it becomes. */
  final int samples;

  private Point(
      Instrument instrument,
      Labels labels,
      double value,
      @Nullable Histogram histogram,
      boolean stale,
      int samples) {
    this.instrument = instrument;
    this.labels = labels;
    this.value = value;
    this.histogram = histogram;
    this.stale = stale;
    this.samples = samples;
  }

  static Point of(Instrument instrument, Labels labels, double value) {
    return new Point(instrument, labels, value, null, false, 1);
  }

  static Point of(
      Instrument instrument, Labels labels, Histogram histogram, Histograms histograms) {
    int samples = histograms.exponential(histogram) == null ? 0 : 1;
    samples += histograms.classic(histogram) ? histogram.counts.length + 2 : 0;
    return new Point(instrument, labels, 0, histogram, false, samples);
  }

  /** That the series ends here. */
  Point ended() {
    return new Point(instrument, labels, value, histogram, true, samples);
  }

  /** What makes it the same series as another. */
  List<Object> key() {
    return Arrays.asList(instrument.name, labels);
  }

  /** About how many bytes it holds on to, beside its labels and its instrument. */
  int bytes() {
    if (histogram == null) {
      return BYTES;
    }
    int exemplars = 0;
    for (Exemplar exemplar : histogram.exemplars) {
      exemplars += exemplar == null ? 0 : 56;
    }
    Exponential fine = histogram.exponential;
    return BYTES
        + 128
        + 24 * histogram.counts.length
        + exemplars
        + (fine == null ? 0 : 64 + 8 * fine.counts.length);
  }
}
