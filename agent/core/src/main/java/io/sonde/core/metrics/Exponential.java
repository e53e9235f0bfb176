package io.sonde.core.metrics;

/**
 * The values of a histogram in exponential buckets, as Prometheus's native histograms have them.
 */
public final class Exponential {
  /** Each doubling has two to the power of this many buckets. */
  public final int schema;

  /** Values up to this one are in the zero bucket. */
  public final double zeroThreshold;

  public final long zeroCount;

  /** The number of the first bucket; number i ends at 2 to the power of i / 2^schema. */
  public final int first;

  /** How many values are in each bucket from the first one on. */
  public final long[] counts;

  /** Holds these values. */
  public Exponential(int schema, double zeroThreshold, long zeroCount, int first, long[] counts) {
    this.schema = schema;
    this.zeroThreshold = zeroThreshold;
    this.zeroCount = zeroCount;
    this.first = first;
    this.counts = counts;
  }

  /** Both together; {@code other} has buckets as wide as these. */
  public Exponential plus(Exponential other) {
    if (counts.length == 0 || other.counts.length == 0) {
      Exponential one = counts.length == 0 ? other : this;
      return new Exponential(
          schema, zeroThreshold, zeroCount + other.zeroCount, one.first, one.counts);
    }
    int from = Math.min(first, other.first);
    int to = Math.max(first + counts.length, other.first + other.counts.length);
    long[] sums = new long[to - from];
    for (int i = 0; i < counts.length; i++) {
      sums[first - from + i] += counts[i];
    }
    for (int i = 0; i < other.counts.length; i++) {
      sums[other.first - from + i] += other.counts[i];
    }
    return new Exponential(schema, zeroThreshold, zeroCount + other.zeroCount, from, sums);
  }

  /** What was counted since {@code earlier}, in the buckets that there are now. */
  public Exponential since(Exponential earlier) {
    long[] since = counts.clone();
    for (int i = 0; i < since.length; i++) {
      int then = first + i - earlier.first;
      if (then >= 0 && then < earlier.counts.length) {
        since[i] -= earlier.counts[then];
      }
    }
    return new Exponential(schema, zeroThreshold, zeroCount - earlier.zeroCount, first, since);
  }

  /** How many values there are in all. */
  public long count() {
    long count = zeroCount;
    for (long bucket : counts) {
      count += bucket;
    }
    return count;
  }
}
