package io.sonde.core;

import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Whether traces that are not sampled are kept until it is known if a call of them is shown as an
 * exemplar, how many spans may wait for that, and what became of them.
 *
 * <p>Called by application threads and by those that read metrics; nobody waits here.
 */
public final class Keeping {
  /** How many running traces are found by their id. */
  private static final int RUNNING = 1024;

  /** In how many places a trace may be. */
  static final int PLACES = 8;

  /** How many ended spans all running traces have places for: 15 to 30 MB. */
  static final int NOTED = 1 << 16;

  /** So long a trace has places for ended spans while its first one runs on. */
  static final int LONGEST_SECONDS = 300;

  private static volatile @Nullable Keeping current;

  // By the trace's id, in the first free one of its places; where none is free, the newer one is
  // found. What has ended is taken out.
  private final AtomicReferenceArray<@Nullable KeptTrace> running =
      new AtomicReferenceArray<>(RUNNING);

  // Running ones whose place a newer one took; each that comes looks whether two others are over.
  private final ConcurrentLinkedQueue<KeptTrace> displaced = new ConcurrentLinkedQueue<>();
  private final int room;
  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger noted = new AtomicInteger();
  private final LongAdder traces = new LongAdder();
  private final LongAdder spans = new LongAdder();
  // Filled once, so that threads may read it without a lock.
  private final Map<Reason, LongAdder> leftOut = new EnumMap<>(Reason.class);
  private volatile boolean closed;

  /** Why a span or a call was left out. */
  public enum Reason {
    /** A span of a trace of which as many are there as may be kept. */
    LONG_TRACE("long_trace"),
    /** A call or a trace that no exemplar is made of, since as many spans wait as may. */
    NO_ROOM("no_room"),
    /** A trace whose first span has been running for too long. */
    LONG_RUNNING("long_running"),
    /** An exemplar that is not shown, since the exporter's queue has no room for its trace. */
    QUEUE_FULL("queue_full");

    /** The reason as metrics have it. */
    public final String label;

    Reason(String label) {
      this.label = label;
    }
  }

  private Keeping(int room) {
    this.room = room;
    for (Reason reason : Reason.values()) {
      leftOut.put(reason, new LongAdder());
    }
  }

  /** From now on traces are kept, where spans go anywhere. */
  public static void start() {
    int capacity = Tracing.capacity();
    // Half of the exporter's queue, so that one reading of metrics does not fill it.
    current = capacity == 0 ? null : new Keeping(capacity / 2);
  }

  static void stop() {
    current = null;
  }

  /** What is kept; null where nothing is. */
  public static @Nullable Keeping current() {
    return current;
  }

  /**
   * The JVM begins to end: what would be shown as an exemplar by now leaves now, and nothing later,
   * as nobody would export it.
   */
  public static void close() {
    Keeping keeping = current;
    if (keeping != null) {
      Red.settle();
      keeping.closed = true;
    }
  }

  /** How many traces left for their exemplars' sake. */
  public long traces() {
    return traces.sum();
  }

  /** How many spans left with them. */
  public long spans() {
    return spans.sum();
  }

  /** How many were left out for this reason. */
  public long leftOut(Reason reason) {
    return counter(reason).sum();
  }

  private LongAdder counter(Reason reason) {
    return Objects.requireNonNull(leftOut.get(reason));
  }

  /** How many spans wait for the decision about a call that would be shown. */
  int held() {
    return held.get();
  }

  /**
   * Where the first span of this process keeps its trace: with those that run already, where it was
   * called by one of them.
   */
  KeptTrace trace(long hi, long lo, boolean called, long root) {
    int first = (int) (lo ^ lo >>> 32) & RUNNING - 1;
    int free = -1;
    for (int i = 0; i < PLACES && (called || free < 0); i++) {
      int place = first + i & RUNNING - 1;
      KeptTrace there = running.get(place);
      if (there == null) {
        free = free < 0 ? place : free;
      } else if (called && there.is(hi, lo)) {
        return there;
      }
    }
    KeptTrace trace = new KeptTrace(this, hi, lo, root, free < 0 ? first : free);
    if (free >= 0) {
      // Another thread may have taken the place just now.
      return running.compareAndSet(free, null, trace) ? trace : trace(hi, lo, called, root);
    }
    KeptTrace before = running.getAndSet(first, trace);
    if (before != null) {
      displaced.add(before);
      tidy(trace.began);
    }
    return trace;
  }

  /** A trace that ran for long without places has some now. */
  void watch(KeptTrace trace) {
    displaced.add(trace);
  }

  private void tidy(int now) {
    for (int i = 0; i < 2; i++) {
      KeptTrace oldest = displaced.poll();
      if (oldest != null && !oldest.isDone(now)) {
        displaced.add(oldest);
      }
    }
  }

  static int seconds() {
    return (int) (System.nanoTime() / 1_000_000_000);
  }

  /** Metrics are about to be read: what has been running for too long has no places any more. */
  static void tidy() {
    Keeping keeping = current;
    if (keeping != null) {
      keeping.tidyAll(seconds());
    }
  }

  void tidyAll(int now) {
    for (int i = 0; i < RUNNING; i++) {
      KeptTrace trace = running.get(i);
      if (trace != null) {
        trace.isDone(now);
      }
    }
    for (Iterator<KeptTrace> all = displaced.iterator(); all.hasNext(); ) {
      if (all.next().isDone(now)) {
        all.remove();
      }
    }
  }

  /** How many running traces are not found by their id any more. */
  int displaced() {
    return displaced.size();
  }

  /**
   * The trace's first span has ended; nothing is called by it any more that could be waited for.
   */
  void over(KeptTrace trace, int place) {
    running.compareAndSet(place, trace, null);
  }

  /** Makes room for so many spans. */
  boolean take(int count) {
    if (closed) {
      return false;
    }
    if (held.addAndGet(count) <= room) {
      return true;
    }
    held.addAndGet(-count);
    leaveOut(Reason.NO_ROOM);
    return false;
  }

  void give(int count) {
    held.addAndGet(-count);
  }

  /** Makes places for so many ended spans of one trace. */
  boolean note(int places) {
    if (noted.addAndGet(places) <= NOTED) {
      return true;
    }
    noted.addAndGet(-places);
    leaveOut(Reason.NO_ROOM);
    return false;
  }

  void forget(int places) {
    noted.addAndGet(-places);
  }

  /** How many places for ended spans there are in all traces that have not left. */
  int noted() {
    return noted.get();
  }

  void leaveOut(Reason reason) {
    counter(reason).increment();
  }

  boolean closed() {
    return closed;
  }

  void left(int count) {
    traces.increment();
    spans.add(count);
  }

  void leftLater() {
    spans.increment();
  }
}
