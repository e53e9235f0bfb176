package io.sonde.exporters.otlp;

import io.sonde.core.Complaints;
import io.sonde.core.Links;
import io.sonde.core.Span;
import io.sonde.core.SpanQueue;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Ended spans that wait until it is known whether they have samples, a bounded number of them; the
 * others pass. Nothing waits but while a profiler runs, and not for long but where that is asked
 * for.
 *
 * <p>Used by the exporter's thread alone, but for the count.
 */
final class Holding implements Complaints.Waiting {
  static final int MAX = 4096;

  private final SpanQueue queue;
  private final long patience;
  private final ArrayDeque<Span> held = new ArrayDeque<>();
  private volatile int size;

  /** The next span is to come from the queue, where one of those held may leave too. */
  private boolean fromQueue;

  /**
   * @param patienceNanos after its end a span leaves by then
   */
  Holding(SpanQueue queue, long patienceNanos) {
    this.queue = queue;
    patience = patienceNanos;
  }

  /**
   * Whether one of those that waited may go.
   *
   * @param now the time by {@link System#nanoTime()}
   */
  boolean hasRipe(long now) {
    Span oldest = held.peek();
    return oldest != null && (size == MAX || !Links.waits(oldest, now, patience));
  }

  /**
   * The next span that leaves, or null where none may.
   *
   * @param all whether nothing may wait any more
   * @param now the time by {@link System#nanoTime()}
   */
  @Nullable Span next(boolean all, long now) {
    for (; ; ) {
      boolean mayLeave = !held.isEmpty() && (all || hasRipe(now));
      // In turn, for many get ripe at once and the queue fills meanwhile.
      fromQueue = !all && !fromQueue && size < MAX;
      Span span = mayLeave && !fromQueue ? null : queue.poll();
      if (span == null && mayLeave) {
        span = held.poll();
        size = held.size();
        return span;
      }
      if (span == null || all || !Links.waits(span, now, patience)) {
        return span;
      }
      held.add(span);
      size = held.size();
    }
  }

  @Override
  public int waiting() {
    return size;
  }
}
