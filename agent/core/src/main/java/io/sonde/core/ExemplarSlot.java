package io.sonde.core;

import io.sonde.core.metrics.Exemplar;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The exemplar of one bucket: of the calls since it was last read the slowest, a failed one before
 * all others.
 *
 * <p>A writer never waits: where another thread is at it, the call is not taken. Most calls end at
 * the first comparison.
 */
final class ExemplarSlot {
  /** Unread for so long, an exemplar gives way to any newer call. */
  private static final long STALE_NANOS = 60_000_000_000L;

  /** Of a call that ended so long ago nothing is shown any more. */
  private static final long OLD_NANOS = 300_000_000_000L;

  private static final int READ_ATTEMPTS = 100;
  private static final long FAILED = 1L << 62;

  // The other fields are written and read under the lock; score and end are also looked at without
  // it, as a hint that the lock is worth taking.
  private final AtomicBoolean lock = new AtomicBoolean();
  private volatile long score = -1;
  private long end;
  private long traceHi;
  private long traceLo;
  private long spanId;
  private long nanos;
  private boolean failed;
  private @Nullable KeptTrace held;

  void offer(Span span, long nanos, boolean failed) {
    long candidate = failed ? nanos | FAILED : nanos;
    long now = span.endNanos();
    if (candidate <= score && now - end < STALE_NANOS || !lock.compareAndSet(false, true)) {
      return;
    }
    try {
      if (candidate > score || now - end >= STALE_NANOS) {
        KeptTrace trace = span.kept();
        if (trace != null && !trace.hold()) {
          return;
        }
        release();
        held = trace;
        end = now;
        traceHi = span.traceHi();
        traceLo = span.traceLo();
        spanId = span.id();
        this.nanos = nanos;
        this.failed = failed;
        score = candidate;
      }
    } finally {
      lock.set(false);
    }
  }

  private void release() {
    KeptTrace before = held;
    if (before != null) {
      held = null;
      before.release();
    }
  }

  /** What it shows must be a trace that leaves. */
  private void settle(long nowNanos) {
    KeptTrace trace = held;
    if (nowNanos - end > OLD_NANOS || trace != null && !trace.leave()) {
      spanId = 0;
    }
    release();
  }

  /** What would be shown leaves now; a slot that is being written does without. */
  void settle() {
    if (lock.compareAndSet(false, true)) {
      try {
        settle(System.nanoTime());
      } finally {
        lock.set(false);
      }
    }
  }

  /**
   * The exemplar, and any call may follow it; null where there is none, where it is too old to be
   * of use, or where it is being written.
   */
  @Nullable Exemplar read(long nowNanos, long nowEpochMillis) {
    for (int i = 0; i < READ_ATTEMPTS; i++) {
      if (lock.compareAndSet(false, true)) {
        try {
          score = -1;
          long age = nowNanos - end;
          settle(nowNanos);
          return spanId == 0
              ? null
              : new Exemplar(
                  traceHi, traceLo, spanId, nanos / 1e9, nowEpochMillis - age / 1_000_000, failed);
        } finally {
          lock.set(false);
        }
      }
      LockSupport.parkNanos(this, 1000);
    }
    return null;
  }
}
