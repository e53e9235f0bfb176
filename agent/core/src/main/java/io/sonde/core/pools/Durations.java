package io.sonde.core.pools;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Durations of one kind, counted in buckets. */
final class Durations {
  /** The bounds that the conventions advise for databases. */
  private static final double[] SECONDS = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10};

  private static final long[] NANOS = new long[SECONDS.length];

  static {
    for (int i = 0; i < NANOS.length; i++) {
      NANOS[i] = Math.round(SECONDS[i] * 1e9);
    }
  }

  private final AtomicLongArray buckets = new AtomicLongArray(SECONDS.length + 1);
  private final LongAdder nanos = new LongAdder();

  void record(long duration) {
    int bucket = 0;
    while (bucket < NANOS.length && duration > NANOS[bucket]) {
      bucket++;
    }
    buckets.incrementAndGet(bucket);
    nanos.add(duration);
  }

  /** Adds what another one has. */
  void add(Durations other) {
    for (int i = 0; i < buckets.length(); i++) {
      buckets.addAndGet(i, other.buckets.get(i));
    }
    nanos.add(other.nanos.sum());
  }

  Histogram histogram() {
    long[] counts = new long[SECONDS.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = buckets.get(i);
    }
    return new Histogram(SECONDS, counts, nanos.sum() / 1e9, new @Nullable Exemplar[counts.length]);
  }

  boolean isEmpty() {
    for (int i = 0; i < buckets.length(); i++) {
      if (buckets.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
