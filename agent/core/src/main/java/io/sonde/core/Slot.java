package io.sonde.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The context of one thread: the span it runs under.
 *
 * <p>One object a thread, found by one thread-local look-up; only its own thread reads and writes
 * it. Every change of {@link #span} while the thread runs is written into the {@link Timeline}.
 */
final class Slot {
  /** A thread, platform or virtual, begins with the context in which it was made. */
  private static final InheritableThreadLocal<Slot> SLOT =
      new InheritableThreadLocal<Slot>() {
        @Override
        protected @Nullable Slot childValue(@Nullable Slot parent) {
          return parent == null ? null : inheriting(parent);
        }
      };

  private static final int FIRST = 8;
  static final int MAX = 256;

  /** The span that the thread runs under. */
  @Nullable Span span;

  /** The server span that this thread entered itself; a second one below it is the same request. */
  @Nullable ServerSpan serving;

  /** Where changes are written for profilers; null until there is one while a profiler runs. */
  @Nullable Trail trail;

  /** Of a thread that was made in a span and has not said anything yet, while a profiler runs. */
  @Nullable Birth birth;

  /** The latest changes were not written: what a trail says of the time before is not so. */
  boolean unwritten;

  /** Where the thread's counters stood at its latest change, while they are read. */
  Costs.@Nullable Meter meter;

  /** The thread began with the span that it has while nothing is open. */
  boolean inherited;

  /** When a thread inherited this, 0 where nothing was inherited or no profiler ran. */
  long bornNanos;

  /** The call that an HTTP client on this thread is in the middle of. */
  @Nullable HttpCall call;

  /** The thread that this one is just making is a virtual one, which speaks for itself. */
  boolean makesVirtual;

  /** While above zero, calls to databases make no spans. */
  int silent;

  // What was entered and not left yet, in pairs: the span, and the one before it. It stands here
  // and not in the span, because one span is entered by several threads, and by one thread twice.
  private @Nullable Span @Nullable [] open;
  private int depth;

  /** When a span that had ended already was brought here from another thread, 0 for none. */
  private long carriedNanos;

  private @Nullable Incoming incoming;
  private char @Nullable [] scratch;
  private @Nullable UnsampledParent unsampledParent;

  Slot() {}

  static Slot get() {
    Slot slot = SLOT.get();
    return slot != null ? slot : create();
  }

  /** The thread's slot where it has one: a thread that never saw a span allocates nothing. */
  static @Nullable Slot peek() {
    return SLOT.get();
  }

  private static Slot create() {
    Slot slot = new Slot();
    SLOT.set(slot);
    return slot;
  }

  private static @Nullable Slot inheriting(Slot parent) {
    Span span = parent.span;
    if (span == null) {
      parent.bornOutside();
      return null;
    }
    Slot slot = new Slot();
    slot.carried(span);
    slot.span = span;
    slot.inherited = true;
    if (Timeline.on()) {
      slot.bornNanos = System.nanoTime();
      if (!parent.makesVirtual) {
        slot.born(span);
      }
    }
    return slot;
  }

  private void bornOutside() {
    try {
      if (!makesVirtual) {
        Timeline.bornOutside();
      }
    } catch (Throwable ignored) {
      // It may be taken for one that was made in a span: nothing that the application must see.
    }
  }

  /** On the thread that makes the one of this slot. */
  private void born(Span span) {
    try {
      birth = Timeline.born(span, bornNanos);
    } catch (Throwable ignored) {
      birth = null; // it says so itself, if it ever does
    }
  }

  /** Whether this thread is inside a request; one that ended without its exit does not count. */
  boolean isServing() {
    ServerSpan request = serving;
    return request != null && !request.isEnded();
  }

  void set(@Nullable Span next) {
    Span before = span;
    span = next;
    if (Timeline.on()) {
      changed(before, System.nanoTime());
    }
  }

  /** The context is what it is now, whether or not it can be written down. */
  private void changed(@Nullable Span before, long nanos) {
    try {
      Timeline.record(this, before, span, nanos);
      if (Costs.on()) {
        Costs.count(this, before, nanos);
      }
    } catch (Throwable ignored) {
      // No memory, no stack, a thread without an id: nothing that the application must see here.
      // No calls either, since there may be no room for one.
      trail = null;
      meter = null;
      unwritten = true;
      Timeline.incomplete = true;
    }
  }

  /**
   * A thread that began in a span, and may never change it, says so: profilers would not know it,
   * and the span would say what it took without what a virtual thread did.
   */
  static void announce() {
    Slot slot = peek();
    if (slot != null && slot.trail == null && slot.isInInherited() && Timeline.on()) {
      try {
        Timeline.announce(slot);
        if (Costs.on()) {
          Costs.uncounted(slot.span, 0);
        }
      } catch (Throwable ignored) {
        slot.unwritten = true; // as above
        Timeline.incomplete = true;
      }
    }
  }

  /** A thread that says so at its end is in no span any more, and nothing of it is waited for. */
  static void finish() {
    Slot slot = null;
    try {
      slot = peek();
      if (slot != null && (slot.span != null || slot.trail != null) && Timeline.on()) {
        Timeline.finish(slot);
        if (Costs.on()) {
          slot.countLast(System.nanoTime());
        }
      }
    } catch (Throwable ignored) {
      Timeline.incomplete = true; // as above
      if (slot != null) {
        slot.trail = null;
        slot.unwritten = true;
      }
    }
  }

  private void countLast(long nanos) {
    if (meter != null) {
      Costs.count(this, span, nanos);
    } else if (bornNanos != 0) {
      Costs.uncounted(span, Math.max(0, nanos - bornNanos));
    }
  }

  /** Whether the span is the one that the thread began with, to which it belongs until its end. */
  boolean isInInherited() {
    return inherited && depth == 0 && span != null;
  }

  /** The span ends: where this thread is still in it, what it took until now is counted. */
  static void counted(Span ended, long nanos) {
    Slot slot = peek();
    if (slot == null || slot.span != ended || !Costs.on()) {
      return;
    }
    try {
      Costs.count(slot, ended, nanos);
    } catch (Throwable ignored) {
      slot.meter = null; // as above
    }
  }

  /** Makes {@code next} the context until {@link #pop}. */
  void push(Span next) {
    open(next);
    set(next);
  }

  /** The same for a span that this thread has just started: its start is the time of the change. */
  void begin(Span next) {
    open(next);
    Span before = span;
    span = next;
    if (Timeline.on()) {
      changed(before, next.startNanos());
    }
  }

  private void open(Span next) {
    @Nullable Span[] pairs = open;
    if (pairs == null) {
      open = pairs = new Span[FIRST];
    } else if (depth == pairs.length) {
      open = pairs = room(pairs);
    }
    pairs[depth++] = next;
    pairs[depth++] = span;
  }

  /** Beyond the bound something enters and never leaves: the older half is forgotten. */
  private @Nullable Span[] room(@Nullable Span[] pairs) {
    if (depth < MAX) {
      return Arrays.copyOf(pairs, depth * 2);
    }
    int kept = depth / 2;
    @Nullable Span[] newer = new Span[pairs.length];
    System.arraycopy(pairs, depth - kept, newer, 0, kept);
    depth = kept;
    return newer;
  }

  /**
   * Gives back the context that was there before the latest {@link #push} of {@code left}, also
   * where something on top of it was not popped. What is not open on this thread is ignored.
   */
  void pop(Span left) {
    @Nullable Span[] pairs = open;
    for (int i = depth - 2; i >= 0 && pairs != null; i -= 2) {
      if (pairs[i] == left) {
        close(i, i + 2);
        return;
      }
    }
  }

  /** How much is open; for {@link #popTo}. */
  int depth() {
    return depth;
  }

  /** Gives back the context of the time when so much was open. */
  void popTo(int before) {
    close(before, before);
  }

  /** Ends what a loop of that owner left open. */
  void endLoop(Object owner) {
    @Nullable Span[] pairs = open;
    for (int i = depth - 2; i >= 0 && pairs != null; i -= 2) {
      Span span = pairs[i];
      if (span != null && span.turns(this) && span.loop() == owner) {
        close(i, i);
      }
    }
  }

  /** Of what is closed, turns of a loop from {@code ended} on end here: nothing else will do it. */
  private void close(int before, int ended) {
    @Nullable Span[] pairs = open;
    if (pairs == null || before >= depth) {
      return;
    }
    Span span = pairs[before + 1];
    while (depth > before) {
      pairs[--depth] = null;
      Span left = pairs[--depth];
      pairs[depth] = null;
      if (depth >= ended && left != null && left.turns(this)) {
        left.end();
      }
    }
    set(span);
  }

  /** Makes a span that comes from another thread the context, until {@link #popTo}. */
  void carry(Span next) {
    carried(next);
    push(next);
  }

  private void carried(Span next) {
    carriedNanos = next.isEnded() ? System.nanoTime() : 0;
  }

  /**
   * Whether the context is over, having ended at {@code end}: a thread that was started below it
   * does not belong to it for ever. Nothing keeps its span alive then.
   */
  boolean expired(long end) {
    long now = System.nanoTime();
    if (now - end <= Tracing.EXPIRY_NANOS
        || carriedNanos != 0 && now - carriedNanos <= Tracing.EXPIRY_NANOS) {
      return false;
    }
    if (depth == 0) {
      set(null);
    }
    return true;
  }

  /** The thread forgets everything: it is a worker and what it found is not its own. */
  void forget() {
    popTo(0);
    set(null);
  }

  /** An empty one to read headers into; give it to {@link #done} afterwards. */
  Incoming incoming() {
    Incoming free = incoming;
    incoming = null;
    return free != null ? free : new Incoming();
  }

  void done(Incoming read) {
    read.clear();
    incoming = read;
  }

  /** What this thread's calls send that are not recorded. */
  UnsampledParent unsampledParent() {
    UnsampledParent latest = unsampledParent;
    return latest != null ? latest : (unsampledParent = new UnsampledParent());
  }

  /** Room for a header's text, until the next call. */
  char[] scratch(int length) {
    char[] room = scratch;
    if (room == null || room.length < length) {
      scratch = room = new char[length];
    }
    return room;
  }
}
