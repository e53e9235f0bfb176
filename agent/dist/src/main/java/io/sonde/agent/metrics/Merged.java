package io.sonde.agent.metrics;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Series by the labels that they have here; those that became the same are one.
 *
 * <p>A sum must never seem to fall: the parts are added as whole nanoseconds, since adding doubles
 * in another order gives another last digit.
 */
final class Merged {
  /** The bounds that the histograms of HTTP, messaging and databases have in common. */
  static final double[] COMMON = {0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10};

  private final Map<Labels, Sum> sums = new LinkedHashMap<>();
  private final double @Nullable [] bounds;

  private Merged(double @Nullable [] bounds) {
    this.bounds = bounds;
  }

  /** With the buckets that the series have; those that become one have the same. */
  static Merged withOwnBounds() {
    return new Merged(null);
  }

  /** With {@link #COMMON} buckets alone, whatever the series are of. */
  static Merged withCommonBounds() {
    return new Merged(COMMON);
  }

  void add(Labels labels, Histogram histogram) {
    Sum sum = sums.get(labels);
    if (sum == null) {
      sums.put(labels, sum = new Sum(bounds == null ? histogram.bounds : bounds));
    }
    sum.add(histogram);
  }

  boolean isEmpty() {
    return sums.isEmpty();
  }

  /** Shows the histograms; {@code unitsPerSecond} is 1000 for milliseconds. */
  void histograms(Instrument instrument, double unitsPerSecond, MetricReader reader) {
    if (!isEmpty()) {
      reader.instrument(instrument);
      sums.forEach((labels, sum) -> reader.histogram(labels, sum.histogram(unitsPerSecond)));
    }
  }

  /** Shows how many calls there were. */
  void counts(Instrument instrument, MetricReader reader) {
    if (!isEmpty()) {
      reader.instrument(instrument);
      sums.forEach((labels, sum) -> reader.number(labels, sum.count()));
    }
  }

  /** Shows the longest calls of late. */
  void longest(Instrument instrument, MetricReader reader) {
    if (!isEmpty()) {
      reader.instrument(instrument);
      sums.forEach((labels, sum) -> reader.number(labels, sum.longest));
    }
  }

  private static final class Sum {
    private final double[] bounds;
    private final long[] counts;
    private final @Nullable Exemplar[] exemplars;
    private long nanos;
    private @Nullable Exponential exponential;
    double longest;

    Sum(double[] bounds) {
      this.bounds = bounds;
      counts = new long[bounds.length + 1];
      exemplars = new @Nullable Exemplar[counts.length];
    }

    void add(Histogram histogram) {
      int to = 0;
      for (int i = 0; i < histogram.counts.length; i++) {
        while (to < bounds.length
            && (i == histogram.bounds.length || histogram.bounds[i] > bounds[to])) {
          to++;
        }
        counts[to] += histogram.counts[i];
        Exemplar other = histogram.exemplars[i];
        if (other != null && before(other, exemplars[to])) {
          exemplars[to] = other;
        }
      }
      Exponential more = histogram.exponential;
      if (more != null) {
        exponential = exponential == null ? more : exponential.plus(more);
      }
      nanos += Math.round(histogram.sum * 1e9);
      longest = Math.max(longest, histogram.recentMax);
    }

    private static boolean before(Exemplar one, @Nullable Exemplar other) {
      return other == null || (one.failed == other.failed ? one.value > other.value : one.failed);
    }

    long count() {
      long count = 0;
      for (long bucket : counts) {
        count += bucket;
      }
      return count;
    }

    Histogram histogram(double unitsPerSecond) {
      double sum = nanos / (1e9 / unitsPerSecond);
      if (unitsPerSecond == 1) {
        return new Histogram(bounds, counts, sum, exemplars, Double.NaN, exponential);
      }
      double[] scaled = new double[bounds.length];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = Math.round(bounds[i] * unitsPerSecond);
      }
      @Nullable Exemplar[] shown = new @Nullable Exemplar[exemplars.length];
      for (int i = 0; i < shown.length; i++) {
        Exemplar one = exemplars[i];
        shown[i] =
            one == null
                ? null
                : new Exemplar(
                    one.traceHi,
                    one.traceLo,
                    one.spanId,
                    one.value * unitsPerSecond,
                    one.epochMillis,
                    one.failed);
      }
      return new Histogram(scaled, counts, sum, shown);
    }
  }
}
