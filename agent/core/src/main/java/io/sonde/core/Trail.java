package io.sonde.core;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The latest changes of context of one thread: a ring that its thread writes and never waits for,
 * and the collecting thread reads.
 *
 * <p>An entry is written before {@link #head} counts it, all by ordered stores. The reader copies,
 * looks at the head again, and throws away what may have been overwritten meanwhile, the entry that
 * is just being written included. The ring grows, up to a bound, instead of overwriting what was
 * not collected.
 */
final class Trail {
  /** Entries at first: many virtual threads see a handful of changes in their life. */
  static final int FIRST = 8;

  /** What a thread changes in a second or two where it changes often: 600 KB. */
  static final int MAX = 16_384;

  private static final int WORDS = 4; // nanos, span, trace
  private static final int HEADERS = 160;
  private static final AtomicLongFieldUpdater<Trail> HEAD =
      AtomicLongFieldUpdater.newUpdater(Trail.class, "head");
  private static final AtomicReferenceFieldUpdater<Trail, Ring> RING =
      AtomicReferenceFieldUpdater.newUpdater(Trail.class, Ring.class, "ring");
  private static final AtomicReferenceFieldUpdater<Trail, Span> MAKER =
      AtomicReferenceFieldUpdater.newUpdater(Trail.class, Span.class, "maker");
  private static final Ring NONE = new Ring(1, 0);

  final int session;
  final long thread;
  private volatile long head;
  private volatile Ring ring;

  /** Set by the collecting thread or at the end; from then on the thread begins another one. */
  volatile boolean retired;

  // The thread writes nothing any more.
  private volatile boolean finished;

  // The span that the thread is in since then and has only inherited.
  private long madeNanos;
  private volatile @Nullable Span maker;

  // The collecting thread's own, but for collected, which the writer reads to know what is free.
  private volatile long collected;
  private boolean unknown;
  private @Nullable Span ended;
  long busyNanos;
  boolean inSpan;
  long lost;

  /**
   * @param unknown whether changes before the first one here were not written
   */
  Trail(long thread, int session, boolean unknown) {
    this.thread = thread;
    this.session = session;
    this.unknown = unknown;
    ring = new Ring(FIRST, 0);
  }

  static int bytes(int size) {
    return HEADERS + size * (WORDS * 8 + 4);
  }

  /** On its own thread, which was made in that span and is in it until it ends, whoever ends it. */
  void addInherited(long nanos, Span span) {
    long end = span.endNanos();
    if (end != 0 && end - nanos <= 0) {
      add(nanos, null);
      return;
    }
    add(nanos, span);
    inherits(nanos, span);
  }

  /** The same where it is known already that it is in that span since then. */
  void inherits(long nanos, Span span) {
    long end = span.endNanos();
    if (end != 0) {
      write(Math.max(end, nanos), null);
    } else {
      madeNanos = nanos;
      maker = span;
    }
  }

  /** On its own thread. */
  void add(long nanos, @Nullable Span span) {
    leaveMaker(this);
    write(nanos, span);
  }

  /** Where what the thread has inherited ended meanwhile, that is written first. */
  void leaveMaker(Trail before) {
    Span left = before.maker == null ? null : MAKER.getAndSet(before, null);
    if (left != null && left.endNanos() != 0) {
      write(Math.max(left.endNanos(), before.madeNanos), null);
    }
  }

  private void write(long nanos, @Nullable Span span) {
    long at = head;
    Ring to = ring(at);
    to.set((int) at & to.size - 1, nanos, span);
    HEAD.lazySet(this, at + 1);
  }

  /** With room for one more; the one that is being written is lost to the reader. */
  private Ring ring(long at) {
    Ring now = ring;
    return at - collected >= now.size - 1 ? larger(now, at) : now;
  }

  private Ring larger(Ring old, long at) {
    int size = old.size * 2;
    if (size > MAX || old == NONE || !Timeline.hasRoom(bytes(size) - bytes(old.size))) {
      return old;
    }
    Ring larger = new Ring(size, Math.max(old.base, at - old.size));
    for (long i = larger.base; i < at; i++) {
      larger.copy(old, (int) i & old.size - 1, (int) i & size - 1);
    }
    if (!RING.compareAndSet(this, old, larger)) {
      return NONE; // released meanwhile
    }
    Timeline.take(bytes(size) - bytes(old.size));
    return larger;
  }

  /**
   * On the collecting thread: how many changes there were.
   *
   * @param room to copy them into; what is in it is forgotten
   */
  int collect(Timeline.Sink sink, Room room) {
    long start = collected;
    long end = head;
    if (end == start) {
      return 0;
    }
    for (; ; ) {
      Ring from = ring; // holds all that the head counts
      long first = Math.min(end, Math.max(Math.max(start, end - from.size), from.base));
      Ring copy = room.of((int) (end - first));
      for (long i = first; i < end; i++) {
        copy.copy(from, (int) i & from.size - 1, (int) (i - first));
      }
      long intact = Math.max(first, head - from.size + 1);
      if (ring != from) {
        continue;
      }
      if (intact > start || unknown) {
        lost += Math.min(intact, end) - start;
        sink.lost(thread);
        unknown = false;
      }
      for (long i = intact; i < end; i++) {
        inSpan = copy.tell(thread, (int) (i - first), sink);
      }
      copy.forget((int) (end - first));
      collected = end;
      return (int) Math.min(Integer.MAX_VALUE, end - start);
    }
  }

  /**
   * On the collecting thread: tells the end of an inherited span that the thread is still in.
   *
   * @return whether there was one: a thread that goes on after it is rare
   */
  boolean tellEnd(Timeline.Sink sink) {
    Span span = maker;
    long end = span == null || span == ended ? 0 : span.endNanos();
    // In this order: what the thread does after that end it has not done yet.
    if (end == 0 || head != collected || maker != span) {
      return false;
    }
    ended = span;
    inSpan = false;
    sink.change(thread, Math.max(end, madeNanos), 0, 0, 0, null);
    return true;
  }

  /** On its own thread: whether it is in no span any more, which nobody needs to be told again. */
  boolean endsWithItsSpan() {
    Span span = maker;
    return retired && span != null && span.endNanos() != 0;
  }

  /** On its own thread, which is in another span since, or in none. */
  void forgetMaker() {
    maker = null;
  }

  /** On the collecting thread: whether an end is still to be told. */
  boolean awaitsEnd() {
    Span span = maker;
    return span != null && span != ended;
  }

  /** On its own thread, which writes no more here. */
  void finish() {
    retired = true;
    finished = true;
  }

  /** On the collecting thread: whether all is collected and nothing will follow. */
  boolean isFinished() {
    return finished && head == collected;
  }

  /** Lets the memory go, since the thread may keep this for long; how much it was. */
  int release() {
    Ring before = RING.getAndSet(this, NONE);
    return before == NONE ? 0 : bytes(before.size);
  }

  /** Whether its memory was let go. */
  boolean isReleased() {
    return ring == NONE;
  }

  /** For the copies of one trail after the other, so that collecting leaves no garbage. */
  static final class Room {
    private Ring ring = NONE;

    private Ring of(int count) {
      if (ring == NONE || ring.size < count) {
        ring = new Ring(Integer.highestOneBit(count) << 1, 0);
      }
      return ring;
    }

    /** Lets the memory go. */
    void release() {
      ring = NONE;
    }
  }

  /** The entries; a size that is a power of two. */
  private static final class Ring {
    final int size;

    /** The first entry that was ever written here: what was overwritten before is not. */
    final long base;

    private final AtomicLongArray words;
    private final AtomicReferenceArray<@Nullable Endpoint> endpoints;

    Ring(int size, long base) {
      this.size = size;
      this.base = base;
      words = new AtomicLongArray(size * WORDS);
      endpoints = new AtomicReferenceArray<>(size);
    }

    void set(int index, long nanos, @Nullable Span span) {
      if (span == null) {
        set(index, nanos, 0, 0, 0, null);
      } else {
        boolean leaves = span.leaves();
        ServerSpan server = span.server();
        long hi = leaves ? span.traceHi() : 0;
        long lo = leaves ? span.traceLo() : 0;
        set(index, nanos, span.id(), hi, lo, server == null ? null : server.endpoint());
      }
    }

    private void set(
        int index, long nanos, long span, long hi, long lo, @Nullable Endpoint endpoint) {
      int word = index * WORDS;
      words.lazySet(word, nanos);
      words.lazySet(word + 1, span);
      if (span != 0) {
        words.lazySet(word + 2, hi);
        words.lazySet(word + 3, lo);
      }
      endpoints.lazySet(index, endpoint);
    }

    void copy(Ring from, int there, int here) {
      for (int i = 0; i < WORDS; i++) {
        words.lazySet(here * WORDS + i, from.words.get(there * WORDS + i));
      }
      endpoints.lazySet(here, from.endpoints.get(there));
    }

    /** The first entries no longer keep what they point at. */
    void forget(int count) {
      for (int i = 0; i < count; i++) {
        endpoints.lazySet(i, null);
      }
    }

    /** Whether it is a span that the thread goes over to. */
    boolean tell(long thread, int index, Timeline.Sink sink) {
      int word = index * WORDS;
      long span = words.get(word + 1);
      sink.change(
          thread,
          words.get(word),
          span,
          span == 0 ? 0 : words.get(word + 2),
          span == 0 ? 0 : words.get(word + 3),
          endpoints.get(index));
      return span != 0;
    }
  }
}
