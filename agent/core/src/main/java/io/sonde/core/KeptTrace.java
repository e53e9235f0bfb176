package io.sonde.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one trace that is not sampled, as far as they have ended in this process: they leave
 * all the same once a call of the trace is shown as an exemplar, and what ends later follows them.
 *
 * <p>It has spans for as long as its first one runs or a place of exemplars holds it: a thread that
 * inherited one of them may refer to it for much longer. Their number is bounded; the last places
 * are left to spans that others may stand below.
 */
final class KeptTrace {
  static final int ROOM = 256;
  static final int ROOM_FOR_CALLS = ROOM - 32;
  private static final int FIRST = 2;

  private final Keeping keeping;
  private final long hi;
  private final long lo;
  private final long root;
  private final int place;

  /** When its first span began, in seconds; a long would make it eight bytes larger. */
  final int began = Keeping.seconds();

  // All written under the lock, which is held for as long as it takes to note a span, or to hand
  // all
  // on. What left and what is lost stays so.
  private Span @Nullable [] ended;
  private int count;
  private int holders;
  private volatile boolean over;
  private volatile boolean left;
  private volatile boolean lost;

  /** Nobody looks whether it runs for too long, as it had no places when that was looked at. */
  private boolean forgotten;

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
    if (lost) {
      return false;
    }
    if (count >= room) {
      keeping.leaveOut(Keeping.Reason.LONG_TRACE);
      return false;
    }
    if (left) {
      if (!Tracing.offer(span)) {
        lost = true;
        return false;
      }
      count++;
      keeping.leftLater();
      return true;
    }
    Span[] spans = places();
    if (spans == null) {
      return false;
    }
    if (holders > 0 && !keeping.take(1)) {
      lose();
      return false;
    }
    spans[count++] = span;
    return true;
  }

  /** The places with a free one among them; null where there is no room, and the trace is lost. */
  private Span @Nullable [] places() {
    Span[] spans = ended;
    int size = spans == null ? 0 : spans.length;
    if (spans != null && count < size) {
      return spans;
    }
    if (forgotten) {
      forgotten = false;
      keeping.watch(this);
    }
    int more = Math.max(FIRST, size);
    if (!keeping.note(more)) {
      lose();
      return null;
    }
    return ended = spans == null ? new Span[more] : Arrays.copyOf(spans, size + more);
  }

  /** None of its spans will leave. */
  private void lose() {
    lost = true;
    if (holders > 0) {
      keeping.give(count);
    }
    forget();
  }

  private void forget() {
    Span[] spans = ended;
    if (spans != null) {
      ended = null;
      keeping.forget(spans.length);
    }
  }

  /** A span has ended and its call is recorded: who would show a call of the trace holds it now. */
  void recorded(Span span) {
    if (span.id() == root) {
      finish();
    }
  }

  private synchronized void finish() {
    over = true;
    if (!left && !lost && holders == 0) {
      lose();
    }
  }

  /**
   * Whether nothing is to be looked for here any more. What has been running for too long gives up
   * the places that it has.
   */
  boolean isDone(int now) {
    return over || left || lost || now - began > Keeping.LONGEST_SECONDS && gaveUp();
  }

  private synchronized boolean gaveUp() {
    if (left || lost) {
      return true;
    }
    if (ended == null) {
      forgotten = true;
      return true;
    }
    if (holders > 0) {
      return false;
    }
    keeping.leaveOut(Keeping.Reason.LONG_RUNNING);
    lose();
    return true;
  }

  /**
   * A call of it would be shown: it is kept until {@link #release}; false where there is no room.
   */
  synchronized boolean hold() {
    if (left || lost) {
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
    if (left || lost || --holders > 0) {
      return;
    }
    keeping.give(count);
    if (over) {
      lose();
    }
  }

  /** A call of it is shown now: all that has ended leaves. False where it cannot. */
  synchronized boolean leave() {
    if (left || lost) {
      return !lost;
    }
    if (keeping.closed()) {
      return false;
    }
    Span[] spans = ended;
    if (spans != null && !Tracing.offer(spans, count)) {
      keeping.leaveOut(Keeping.Reason.QUEUE_FULL);
      return false;
    }
    left = true;
    if (holders > 0) {
      keeping.give(count);
    }
    forget();
    keeping.left(count);
    return true;
  }

  /** Whether its spans leave; asked often, so without the lock. */
  boolean leaves() {
    return left && !lost;
  }
}
