package io.sonde.profiler;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Virtual threads that blocked while they could not leave their carrier, for a millisecond or more,
 * as far as windows were read.
 *
 * <p>Written by the profiler's thread, read by anyone at any time.
 */
public final class Pinning {
  private static final AtomicLong COUNT = new AtomicLong();
  private static final AtomicLong NANOS = new AtomicLong();

  private static volatile boolean seen;

  private Pinning() {}

  /** From now on it is seen. */
  public static void begin() {
    seen = true;
  }

  /** Whether it was ever seen whether threads are pinned. */
  public static boolean isSeen() {
    return seen;
  }

  /** A thread was pinned for so long. */
  public static void add(long nanos) {
    COUNT.incrementAndGet();
    NANOS.addAndGet(nanos);
  }

  /** How often. */
  public static long count() {
    return COUNT.get();
  }

  /** For how long in all. */
  public static long nanos() {
    return NANOS.get();
  }
}
