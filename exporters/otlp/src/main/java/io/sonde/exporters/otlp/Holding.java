package io.sonde.exporters.otlp;

import io.sonde.core.Complaints;
import io.sonde.core.Links;
import io.sonde.core.Span;
import io.sonde.core.SpanQueue;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Ended spans that wait until it is known whether they have samples, as many as there is room for;
 * the others pass. Nothing waits but while a profiler runs, and not for long but where that is
 * asked for.
 *
 * <p>Used by the exporter's thread alone, but for the count.
 */
final class Holding implements Complaints.Waiting {
  /** More would not leave in the time that the JVM's end has for them. */
  static final int MOST = 1 << 14;

  /** The same where that is asked for: some thousand a second. */
  static final int MOST_HELD = 1 << 16;

  /** However small the heap. */
  private static final long LEAST_ROOM = 2 << 20;

  /** The part of the heap that they may take; twice as much where all are held. */
  private static final int PART_OF_HEAP = 64;

  /** A place here. */
  private static final int OWN = 32;

  private final SpanQueue queue;
  private final long patience;
  private final long room;
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private volatile int size;

  /** What they take in memory, about. */
  private long bytes;

  /** The next span is to come from the queue, where one of those held may leave too. */
  private boolean fromQueue;

  /**
   * @param patienceNanos after its end a span leaves by then
   */
  Holding(SpanQueue queue, long patienceNanos) {
    this(queue, patienceNanos, Runtime.getRuntime().maxMemory());
  }

  Holding(SpanQueue queue, long patienceNanos, long heap) {
    this.queue = queue;
    patience = patienceNanos;
    room = Math.max(LEAST_ROOM, heap / PART_OF_HEAP);
  }

  /**
   * Whether one of those that waited may go.
   *
   * @param now the time by {@link System#nanoTime()}
   */
  boolean hasRipe(long now) {
    Held oldest = held.peek();
    return oldest != null && (isFull() || !Links.waits(oldest.span, now, patience));
  }

  private boolean isFull() {
    return Links.holdsAll()
        ? size >= MOST_HELD || bytes >= 2 * room
        : size >= MOST || bytes >= room;
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
      boolean full = isFull();
      fromQueue = !fromQueue && (all || !full);
      Span span = mayLeave && !fromQueue ? null : queue.poll();
      if (span == null && mayLeave) {
        return leave(full && !all, now);
      }
      if (span == null || all || !Links.waits(span, now, patience)) {
        return span;
      }
      Held added = new Held(span);
      held.add(added);
      bytes += added.weight;
      size = held.size();
    }
  }

  private Span leave(boolean full, long now) {
    Held left = held.remove();
    size = held.size();
    bytes -= left.weight;
    if (full && Links.waits(left.span, now, patience)) {
      Links.crowdedOut();
    }
    return left.span;
  }

  /** What it took when it came, which is what its leaving gives back. */
  private static final class Held {
    final Span span;
    final int weight;

    Held(Span span) {
      this.span = span;
      weight = span.weight() + OWN;
    }
  }

  @Override
  public int waiting() {
    return size;
  }
}
