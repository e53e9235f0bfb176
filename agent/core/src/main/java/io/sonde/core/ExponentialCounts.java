package io.sonde.core;

import io.sonde.core.metrics.Exponential;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Durations counted in exponential buckets, eight for each doubling, from a microsecond to an hour.
 *
 * <p>The bucket comes from a table by the highest five bits of the duration and at most one
 * comparison more, since a bucket is wider than what five bits leave open. The eight buckets of a
 * doubling are there once one of them counts, so a series has room for what it needs alone.
 */
final class ExponentialCounts {
  private static final int SCHEMA = 3;
  private static final int EACH = 1 << SCHEMA;

  /** The first bucket begins at 2 to the power of this, in seconds. */
  private static final int LOWEST = -20;

  private static final int DOUBLINGS = 32;
  private static final double ZERO = Math.pow(2, LOWEST);
  private static final long ZERO_NANOS = (long) (ZERO * 1e9);

  /** The longest duration that each bucket takes; the last one takes all beyond it too. */
  private static final long[] ENDS = new long[DOUBLINGS * EACH];

  /** By the position of the highest bit and the four bits below: where to begin to compare. */
  private static final short[] FROM = new short[64 << 4];

  static {
    for (int i = 0; i < ENDS.length; i++) {
      ENDS[i] = (long) (Math.pow(2, LOWEST + (i + 1) / (double) EACH) * 1e9);
    }
    for (int high = 4; high < 63; high++) {
      for (int below = 0; below < 16; below++) {
        FROM[high << 4 | below] = (short) search((16L + below) << high - 4);
      }
    }
  }

  private final AtomicReferenceArray<@Nullable AtomicLongArray> doublings =
      new AtomicReferenceArray<>(DOUBLINGS);
  private final AtomicLong zero = new AtomicLong();

  private static int search(long nanos) {
    int bucket = 0;
    while (bucket < ENDS.length - 1 && nanos > ENDS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  static int bucket(long nanos) {
    int high = 63 - Long.numberOfLeadingZeros(nanos);
    int bucket = FROM[high << 4 | (int) (nanos >>> high - 4) & 15];
    return nanos > ENDS[bucket] && bucket < ENDS.length - 1 ? bucket + 1 : bucket;
  }

  void add(long nanos) {
    if (nanos <= ZERO_NANOS) {
      zero.incrementAndGet();
      return;
    }
    int bucket = bucket(nanos);
    AtomicLongArray doubling = doublings.get(bucket >> SCHEMA);
    (doubling != null ? doubling : begin(bucket >> SCHEMA)).incrementAndGet(bucket & EACH - 1);
  }

  private AtomicLongArray begin(int doubling) {
    doublings.compareAndSet(doubling, null, new AtomicLongArray(EACH));
    return Objects.requireNonNull(doublings.get(doubling));
  }

  /** The counts so far, from the first bucket that has any to the last. */
  Exponential read() {
    long[] all = new long[ENDS.length];
    int first = ENDS.length;
    int end = 0;
    for (int i = 0; i < ENDS.length; i++) {
      AtomicLongArray doubling = doublings.get(i >> SCHEMA);
      all[i] = doubling == null ? 0 : doubling.get(i & EACH - 1);
      if (all[i] > 0) {
        first = Math.min(first, i);
        end = i + 1;
      }
    }
    first = Math.min(first, end);
    long[] counts = new long[end - first];
    System.arraycopy(all, first, counts, 0, counts.length);
    int number = first + 1 + LOWEST * EACH;
    return new Exponential(SCHEMA, ZERO, zero.get(), counts.length == 0 ? 0 : number, counts);
  }
}
