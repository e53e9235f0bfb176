package io.sonde.core;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * What threads took while they ran one span itself, not those below it: added up by each of them
 * when its context changes, read when the span has ended.
 */
final class Cost {
  private static final AtomicLongFieldUpdater<Cost> CPU =
      AtomicLongFieldUpdater.newUpdater(Cost.class, "cpu");
  private static final AtomicLongFieldUpdater<Cost> BYTES =
      AtomicLongFieldUpdater.newUpdater(Cost.class, "bytes");

  /** Whether threads' counters are read for it. */
  final boolean isRead;

  private volatile long cpu;
  private volatile long bytes;

  /** Some thread's counters were there. */
  private volatile boolean counted;

  /**
   * Some thread has no counters: a virtual one, or one that ran the span before there were any; or
   * they are not read.
   */
  private volatile boolean incomplete;

  Cost(boolean isRead) {
    this.isRead = isRead;
    incomplete = !isRead;
  }

  void add(long nanos, long allocated) {
    CPU.addAndGet(this, nanos);
    BYTES.addAndGet(this, allocated);
    counted = true;
  }

  /** A thread without counters ran it, for so long at most. */
  void guess(long nanos) {
    CPU.addAndGet(this, nanos);
    incomplete = true;
  }

  /** Whether the numbers are all there is. */
  boolean isExact() {
    return counted && !incomplete;
  }

  boolean isIncomplete() {
    return incomplete;
  }

  /** Nanoseconds; where this is incomplete, no more than these. */
  long cpu() {
    return cpu;
  }

  long bytes() {
    return bytes;
  }
}
