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

  void offer(Span span, long nanos, boolean failed) {
    long candidate = failed ? nanos | FAILED : nanos;
    long now = span.endNanos();
    if (candidate <= score && now - end < STALE_NANOS || !lock.compareAndSet(false, true)) {
      return;
    }
    if (candidate > score || now - end >= STALE_NANOS) {
      end = now;
      traceHi = span.traceHi();
      traceLo = span.traceLo();
      spanId = span.id();
      this.nanos = nanos;
      score = candidate;
    }
    lock.set(false);
  }

  /** The exemplar, and any call may follow it; null where there is none or it is being written. */
  @Nullable Exemplar read(long nowNanos, long nowEpochMillis) {
    for (int i = 0; i < READ_ATTEMPTS; i++) {
      if (lock.compareAndSet(false, true)) {
        score = -1;
        long epochMillis = nowEpochMillis - (nowNanos - end) / 1_000_000;
        Exemplar exemplar = new Exemplar(traceHi, traceLo, spanId, nanos / 1e9, epochMillis);
        lock.set(false);
        return exemplar.spanId == 0 ? null : exemplar;
      }
      LockSupport.parkNanos(this, 1000);
    }
    return null;
  }
}
