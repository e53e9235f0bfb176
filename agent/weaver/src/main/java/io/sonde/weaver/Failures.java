package io.sonde.weaver;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each rule failed of late: {@link #MAX} failures at once are too many, and one is
 * forgotten every {@link #FORGOTTEN_AFTER}.
 *
 * <p>A rule has one number, the time at which all of its failures will be forgotten. Called on
 * application threads: no lock, no allocation.
 */
final class Failures {
  static final int MAX = 5;
  static final long FORGOTTEN_AFTER = 600_000_000_000L;

  private final AtomicLongArray forgottenAt;

  /** None so far, of so many rules. */
  Failures(int rules) {
    forgottenAt = new AtomicLongArray(rules);
  }

  /** Whether the rule never failed. */
  boolean none(int rule) {
    return forgottenAt.get(rule) == 0;
  }

  /**
   * Counts a failure {@code now}, in nanoseconds since the start; true where it is one too many.
   */
  boolean add(int rule, long now) {
    for (; ; ) {
      long before = forgottenAt.get(rule);
      long after = Math.max(before, now) + FORGOTTEN_AFTER;
      if (forgottenAt.compareAndSet(rule, before, after)) {
        return after - now > (MAX - 1) * FORGOTTEN_AFTER;
      }
    }
  }
}
