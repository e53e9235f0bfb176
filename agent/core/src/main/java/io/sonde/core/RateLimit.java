package io.sonde.core;

import java.util.concurrent.atomic.AtomicLong;

/**
 * So many a second, and as many at once as one second gives, or one where that is less.
 *
 * <p>One number, the time at which the next one would be due if all came evenly. No lock, no
 * allocation.
 */
final class RateLimit {
  private static final double SECOND = 1e9;

  private final long interval;
  private final long burst;
  private final AtomicLong due = new AtomicLong();

  RateLimit(double perSecond) {
    interval = (long) Math.min(SECOND * 86_400 * 365, SECOND / perSecond);
    burst = Math.max(interval, (long) SECOND);
  }

  /** Whether there is room for one more {@code now}, in nanoseconds since any fixed time. */
  boolean take(long now) {
    for (; ; ) {
      long before = due.get();
      long after = Math.max(before, now - burst + interval) + interval;
      if (after - now > interval) {
        return false;
      }
      if (due.compareAndSet(before, after)) {
        return true;
      }
    }
  }
}
