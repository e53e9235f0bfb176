package io.sonde.core;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * "From t on this thread runs span X", for profilers: written by each thread into a {@link Trail}
 * of its own while this is on, and collected by one thread of the agent about once a second.
 *
 * <p>All trails together take at most {@link #MAX_BYTES}, and a copy of one; what finds no room,
 * and what is overwritten before it is collected, is counted. A trail is given up once its thread
 * has changed nothing for a while, whether the thread lives or not, or the span that the thread
 * began in has ended; a thread that goes on begins a new one.
 */
public final class Timeline {
  /** The bound on what all trails take. */
  static final long MAX_BYTES = 16 << 20;

  /**
   * Without news for so long a trail is given up: beginning another one costs more than a change,
   * and in a pool it may take a while until the same thread has its turn again. Outside of a span
   * the thread may be over, so that where there are many it is less.
   */
  private static final long IDLE = 5_000_000_000L;

  private static final long IDLE_OF_MANY = 1_000_000_000L;

  /** So many changes of a thread are collected: the next time should come sooner. */
  private static final int MANY = 1024;

  /** So long, and for about so many threads, the end of a span is awaited that they inherited. */
  private static final long LONGEST_INHERITED = 600_000_000_000L;

  private static final int MANY_INHERITED = 20_000;

  /** After that, nobody can still be writing into a trail that was given up. */
  private static final long GRACE = 2_000_000_000L;

  /** Changes of some thread were not written since the last time all was collected. */
  static volatile boolean incomplete;

  private static volatile int session; // 0 while off
  private static volatile long longestUnborn; // 0 where nobody hears of threads
  private static volatile long since;
  private static int sessions;
  private static final ConcurrentLinkedQueue<Trail> fresh = new ConcurrentLinkedQueue<>();
  private static final List<Trail> trails = new ArrayList<>();
  private static final Trail.Room room = new Trail.Room();
  private static final AtomicLong bytes = new AtomicLong();
  private static final Births births = new Births();
  private static final AtomicLong refused = new AtomicLong();
  private static volatile long changes;
  private static final AtomicLong overwritten = new AtomicLong();

  private Timeline() {}

  /** Takes what was collected. */
  public interface Sink {
    /**
     * From {@code nanos} on the thread runs this span; 0 is none. A span that does not leave the
     * agent has no trace, 0 and 0: nobody can look it up.
     */
    void change(
        long thread,
        long nanos,
        long span,
        long traceHi,
        long traceLo,
        @Nullable Endpoint endpoint);

    /** Changes of the thread are missing between the one before and the next one. */
    void lost(long thread);

    /** The same of threads that are not known: the latest change of each may not be its last. */
    void lost();
  }

  /** Begins; threads are seen from their first change on. */
  public static void start() {
    start(0);
  }

  /**
   * Begins.
   *
   * @param longestUnborn after so long somebody has said which threads have {@link #started}; 0
   *     where nobody does
   */
  public static synchronized void start(long longestUnborn) {
    Timeline.longestUnborn = longestUnborn;
    if (session == 0) {
      forget(); // a thread that was in the middle of a change may have begun one after the end
      since = System.nanoTime();
      incomplete = false;
      session = ++sessions;
    }
  }

  /** Ends, and forgets what was not collected. */
  public static synchronized void stop() {
    session = 0;
    forget();
  }

  private static void forget() {
    takeFresh();
    for (Trail trail : trails) {
      trail.retired = true;
      bytes.addAndGet(-trail.release());
    }
    trails.clear();
    room.release();
    births.clear();
  }

  static boolean on() {
    return session != 0;
  }

  /** The thread of this slot, which is the current one, goes over to {@code next}. */
  static void record(Slot slot, @Nullable Span previous, @Nullable Span next, long nanos) {
    Trail trail = slot.trail;
    if (trail == null || trail.retired || trail.session != session) {
      trail = begin(slot, trail, previous);
      if (trail == null) {
        return;
      }
    }
    if (next != null && slot.isInInherited()) {
      trail.addInherited(nanos, next);
    } else {
      trail.add(nanos, next);
    }
  }

  /** The current thread began in the span of this slot, which is its own. */
  static void announce(Slot slot) {
    Span span = slot.span;
    if (span != null) {
      begin(slot, slot.trail, span);
    }
  }

  /**
   * The current thread makes another one, in that span; null where nothing will tell which.
   *
   * @see #started
   */
  static @Nullable Birth born(Span span, long nanos) {
    if (session == 0 || longestUnborn == 0 || span.isEnded() || !births.hasRoom()) {
      return null;
    }
    return born(nanos, span);
  }

  /** The same outside of a span: those that are made inside are told from it. */
  static void bornOutside() {
    if (session != 0 && longestUnborn != 0 && births.hasRoomOutside()) {
      born(System.nanoTime(), null);
    }
  }

  private static Birth born(long nanos, @Nullable Span span) {
    Birth birth = new Birth(session, Thread.currentThread().getId(), nanos, span);
    births.add(birth);
    return birth;
  }

  /**
   * These platform threads have started: those which were born in a span, and have not said
   * anything themselves, are known by that from their birth on.
   *
   * @param until when the last one of them may have started
   */
  public static synchronized void started(List<ThreadStart> starts, long until) {
    takeFresh();
    Set<Long> speaking = new HashSet<>();
    for (Trail trail : trails) {
      speaking.add(trail.thread);
    }
    births.match(starts, until, speaking);
  }

  /** Threads that have made others of which somebody may still tell. */
  public static synchronized Set<Long> parents() {
    return births.parents();
  }

  /** Nobody will tell of threads that were made until then. */
  public static synchronized void startedUnseen(long untilNanos) {
    births.forgetBefore(untilNanos);
  }

  /** The current thread, of this slot, ends now. */
  static void finish(Slot slot) {
    Trail trail = slot.trail;
    if (trail != null && trail.endsWithItsSpan() && slot.isInInherited()) {
      trail.finish();
      return;
    }
    record(slot, slot.span, null, System.nanoTime());
    trail = slot.trail;
    if (trail != null) {
      trail.finish();
    }
  }

  private static @Nullable Trail begin(Slot slot, @Nullable Trail before, @Nullable Span span) {
    int now = session;
    if (now == 0) {
      return null;
    }
    long thread = Thread.currentThread().getId();
    Birth birth = slot.birth;
    boolean told = birth != null && birth.session == now && birth.speaks(thread);
    slot.birth = null;
    if (!hasRoom(Trail.bytes(Trail.FIRST))) {
      if (before != null) {
        before.forgetMaker(); // whatever it tells of that, the thread has gone on
      }
      slot.trail = null;
      slot.unwritten = true;
      incomplete = true;
      refused.incrementAndGet();
      return null;
    }
    Trail trail = new Trail(thread, now, slot.unwritten);
    if (before != null && before.session == now) {
      trail.leaveMaker(before);
    } else if (span != null && !slot.unwritten) {
      long born = slot.bornNanos;
      long from = born != 0 && born - since > 0 ? born : since;
      if (told) {
        trail.inherits(from, span);
      } else if (slot.inherited) {
        trail.addInherited(from, span);
      } else {
        trail.add(from, span);
      }
    }
    fresh.add(trail);
    take(Trail.bytes(Trail.FIRST));
    slot.trail = trail;
    slot.unwritten = false;
    return trail;
  }

  static boolean hasRoom(int wanted) {
    return bytes.get() + wanted <= MAX_BYTES;
  }

  /** Counts what was made: where there was no memory for it after all, nothing is counted. */
  static void take(int made) {
    bytes.addAndGet(made);
  }

  /**
   * Hands over every change since the last time, thread by thread in the order they were made.
   *
   * @return whether some thread makes so many that collecting should not wait as long again
   */
  public static boolean collect(Sink sink) {
    return collect(sink, System.nanoTime());
  }

  private static void takeFresh() {
    for (Trail trail = fresh.poll(); trail != null; trail = fresh.poll()) {
      trails.add(trail);
    }
  }

  static synchronized boolean collect(Sink sink, long now) {
    takeFresh();
    births.forgetBefore(now - longestUnborn);
    boolean crowded = bytes.get() > MAX_BYTES / 2;
    births.tell(sink, now);
    long told = changes;
    int kept = 0;
    for (int i = 0; i < trails.size(); i++) {
      Trail trail = trails.get(i);
      long lost = trail.lost;
      int count = trail.collect(sink, room);
      told += count;
      overwritten.addAndGet(trail.lost - lost);
      crowded |= count > MANY;
      if (trail.tellEnd(sink) && !trail.retired) {
        trail.retired = true;
        trail.busyNanos = now;
      }
      if (stays(trail, count, now)) {
        trails.set(kept++, trail);
      } else {
        bytes.addAndGet(-trail.release());
      }
    }
    trails.subList(kept, trails.size()).clear();
    changes = told;
    if (incomplete) {
      incomplete = false;
      sink.lost();
    }
    return crowded;
  }

  private static boolean stays(Trail trail, int count, long now) {
    if (trail.isFinished()) {
      return false;
    }
    if (count > 0 || trail.busyNanos == 0) {
      trail.busyNanos = now;
      return true;
    }
    long idle = now - trail.busyNanos;
    if (trail.retired) {
      return idle < GRACE || awaitsEnd(trail, idle);
    }
    if (idle >= (trail.inSpan || bytes.get() < MAX_BYTES / 8 ? IDLE : IDLE_OF_MANY)) {
      trail.retired = true;
      trail.busyNanos = now;
    }
    return true;
  }

  /** The thread may not live any more, so what is left of its trail is small. */
  private static boolean awaitsEnd(Trail trail, long idle) {
    if (!trail.awaitsEnd() || idle > LONGEST_INHERITED || trails.size() > MANY_INHERITED) {
      return false;
    }
    bytes.addAndGet(-trail.release());
    return true;
  }

  /** Changes that were written so far, as of the last time all was collected. */
  public static long changes() {
    return changes;
  }

  /** Changes that were overwritten before they were collected. */
  public static long overwritten() {
    return overwritten.get();
  }

  /** Changes that were not written since all trails together had no more room. */
  public static long refused() {
    return refused.get();
  }

  /** What all trails take now. */
  public static long bytes() {
    return bytes.get();
  }
}
