package io.sonde.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one trace that is not sampled, as far as they have ended in this process: they leave
 * all the same once a call of the trace is shown as an exemplar, and what ends later follows them.
 *
 * <p>Only spans that run and places of exemplars refer to it, so that it goes when they do. It has
 * a bounded number of spans; the last places are left to spans that others may stand below.
 */
final class KeptTrace {
  static final int ROOM = 256;
  static final int ROOM_FOR_CALLS = ROOM - 32;

  private final Keeping keeping;
  private final long hi;
  private final long lo;
  private final long root;
  private final int place;

  // All under the lock, which is held for as long as it takes to note a span, or to hand all on.
  private Span @Nullable [] ended;
  private int count;
  private int holders;
  private boolean left;
  private boolean lost;

  KeptTrace(Keeping keeping, long hi, long lo, long root, int place) {
    this.keeping = keeping;
    this.hi = hi;
    this.lo = lo;
    this.root = root;
    this.place = place;
  }

  boolean is(long hi, long lo) {
    return this.hi == hi && this.lo == lo;
  }

  /** A span has ended; whether it may be shown as an exemplar. */
  boolean ended(Span span) {
    boolean first = span.id() == root;
    if (first) {
      keeping.over(this, place);
    }
    int kind = span.otlpKind();
    int room = first || kind == 2 || kind == 5 ? ROOM : ROOM_FOR_CALLS;
    return note(span, room);
  }

  private synchronized boolean note(Span span, int room) {
    if (count >= room) {
      keeping.leaveOut(Keeping.Reason.LONG_TRACE);
      return false;
    }
    if (left) {
      count++;
      keeping.leftLater();
      return Tracing.offer(span);
    }
    Span[] spans = ended;
    if (spans == null) {
      ended = spans = new Span[2];
    } else if (count == spans.length) {
      ended = spans = Arrays.copyOf(spans, count * 2);
    }
    spans[count++] = span;
    if (holders > 0) {
      keeping.give(-1);
    }
    return true;
  }

  /**
   * A call of it would be shown: it is kept until {@link #release}; false where there is no room.
   */
  synchronized boolean hold() {
    if (left) {
      return !lost;
    }
    if (holders == 0 && !keeping.take(count)) {
      return false;
    }
    holders++;
    return true;
  }

  /** That call is not shown. */
  synchronized void release() {
    if (!left && --holders == 0) {
      keeping.give(count);
    }
  }

  /** A call of it is shown now: all that has ended leaves. False where it cannot. */
  synchronized boolean leave() {
    if (left) {
      return !lost;
    }
    if (keeping.closed()) {
      return false;
    }
    if (Tracing.room() < count) {
      keeping.leaveOut(Keeping.Reason.QUEUE_FULL);
      return false;
    }
    left = true;
    Span[] spans = ended;
    for (int i = 0; spans != null && i < count; i++) {
      lost |= !Tracing.offer(spans[i]);
    }
    ended = null;
    if (holders > 0) {
      keeping.give(count);
    }
    keeping.left(count);
    return !lost;
  }

  /** Whether its spans leave. */
  synchronized boolean leaves() {
    return left && !lost;
  }
}
