package io.sonde.core;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One platform thread was made: in a span, in which it is from then on until the span ends, or
 * outside of any. Its number is not known before the thread speaks, or somebody has told that it
 * started.
 *
 * <p>One object for each, without the span once that has ended: many threads are made for a single
 * task, and wait here for as long as a window takes.
 */
final class Birth {
  static final long NOBODY = 0;
  static final long FORGOTTEN = -1;
  private static final AtomicLongFieldUpdater<Birth> THREAD =
      AtomicLongFieldUpdater.newUpdater(Birth.class, "thread");

  final int session;
  final long parent;
  final long nanos;
  private final long id;
  private final long traceHi;
  private final long traceLo;
  private final @Nullable Endpoint endpoint;
  private volatile long thread;

  /** The thread says itself where it is. */
  private volatile boolean speaks;

  /** Somebody has been told that the thread began there. */
  private volatile boolean told;

  // The collecting thread's own.
  private @Nullable Span running;
  private boolean leaves;
  private long endNanos;

  /** What the alignment of the last window found. */
  boolean started;

  /**
   * @param parent who made it
   */
  Birth(int session, long parent, long nanos, @Nullable Span span) {
    this.session = session;
    this.parent = parent;
    this.nanos = nanos;
    running = span;
    id = span == null ? 0 : span.id();
    traceHi = span == null ? 0 : span.traceHi();
    traceLo = span == null ? 0 : span.traceLo();
    ServerSpan server = span == null ? null : span.server();
    endpoint = server == null ? null : server.endpoint();
  }

  boolean isInSpan() {
    return id != 0;
  }

  /** On its own thread, which says where it is from now on: whether its birth was told already. */
  boolean speaks(long id) {
    belongsTo(id);
    if (thread != id) {
      return false; // it was forgotten, or taken for another one
    }
    speaks = true;
    return told;
  }

  /** It is of that thread, unless it is known already of which. */
  void belongsTo(long id) {
    THREAD.compareAndSet(this, NOBODY, id);
  }

  /** Nobody will know, unless the thread has just said so. */
  void forget() {
    belongsTo(FORGOTTEN);
  }

  long thread() {
    return thread;
  }

  boolean isNobodys() {
    return thread == NOBODY;
  }

  /** Whether it is known of which thread this is, and the thread says nothing itself. */
  boolean isSilent() {
    return thread > NOBODY && isInSpan() && !speaks;
  }

  /** On the collecting thread: of a span that has ended its end will do. */
  void letSpanGo() {
    Span now = running;
    long end = now == null ? 0 : now.endNanos();
    if (now != null && end != 0) {
      endNanos = end;
      leaves = now.leaves();
      running = null;
    }
  }

  /** On the collecting thread: that a silent one began in its span, unless that was told. */
  void tellBegin(Timeline.Sink sink) {
    if (told) {
      return;
    }
    told = true;
    leaves = running == null ? leaves : running.leaves();
    sink.change(thread, nanos, id, leaves ? traceHi : 0, leaves ? traceLo : 0, endpoint);
  }

  /** On the collecting thread: that its span has ended; false while it runs. */
  boolean tellEnd(Timeline.Sink sink) {
    letSpanGo();
    if (running != null) {
      return false;
    }
    sink.change(thread, Math.max(endNanos, nanos), 0, 0, 0, null);
    return true;
  }
}
