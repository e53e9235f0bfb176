package io.sonde.core.metrics;

import org.jspecify.annotations.Nullable;

/** One histogram as it stood at one moment. */
public final class Histogram {
  /** The upper bounds of all buckets but the last, which has none. */
  public final double[] bounds;

  /** How many values are in each bucket; one more than there are bounds. */
  public final long[] counts;

  public final double sum;

  /** One a bucket, null where there is none. */
  public final @Nullable Exemplar[] exemplars;

  /** The largest value of the last one or two minutes, NaN where nobody looked for it. */
  public final double recentMax;

  /** The same values in exponential buckets, null where nobody wanted them. */
  public final @Nullable Exponential exponential;

  /** Holds these values. */
  public Histogram(double[] bounds, long[] counts, double sum, @Nullable Exemplar[] exemplars) {
    this(bounds, counts, sum, exemplars, Double.NaN, null);
  }

  /** Holds these values. */
  public Histogram(
      double[] bounds,
      long[] counts,
      double sum,
      @Nullable Exemplar[] exemplars,
      double recentMax) {
    this(bounds, counts, sum, exemplars, recentMax, null);
  }

  /** Holds these values. */
  public Histogram(
      double[] bounds,
      long[] counts,
      double sum,
      @Nullable Exemplar[] exemplars,
      double recentMax,
      @Nullable Exponential exponential) {
    this.bounds = bounds;
    this.counts = counts;
    this.sum = sum;
    this.exemplars = exemplars;
    this.recentMax = recentMax;
    this.exponential = exponential;
  }

  /** How many values there are in all. */
  public long count() {
    long count = 0;
    for (long bucket : counts) {
      count += bucket;
    }
    return count;
  }
}
