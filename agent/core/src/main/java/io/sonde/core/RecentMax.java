package io.sonde.core;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The largest value of the last one or two minutes, or since the last reader came by where that is
 * longer ago.
 *
 * <p>Nearly every value ends at the first comparison. A value offered while a reader begins a new
 * minute may count for the one before.
 */
final class RecentMax {
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final AtomicLongFieldUpdater<RecentMax> NOW =
      AtomicLongFieldUpdater.newUpdater(RecentMax.class, "now");

  private volatile long now;
  private long before;
  private long since = System.nanoTime();

  void offer(long value) {
    for (long max = now; value > max; max = now) {
      if (NOW.compareAndSet(this, max, value)) {
        return;
      }
    }
  }

  synchronized long read(long nanoTime) {
    if (nanoTime - since >= MINUTE_NANOS) {
      before = NOW.getAndSet(this, 0);
      since = nanoTime;
    }
    return Math.max(before, now);
  }
}
