package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * The context of one thread: the span it runs under.
 *
 * <p>One object a thread, found by one thread-local look-up; only its own thread reads and writes
 * it. Every change of {@link #span} goes through {@link #set}.
 */
final class Slot {
  private static final ThreadLocal<Slot> SLOT = new ThreadLocal<>();

  /** The span that the thread runs under. */
  @Nullable Span span;

  /** The server span that this thread entered itself; a second one below it is the same request. */
  @Nullable ServerSpan serving;

  /** While above zero, threads started here are pool workers and inherit nothing. */
  int startingWorkers;

  private Slot(@Nullable Span inherited) {
    this.span = inherited;
  }

  static Slot get() {
    Slot slot = SLOT.get();
    return slot != null ? slot : create();
  }

  /** The thread's slot where it has one: a thread that never saw a span allocates nothing. */
  static @Nullable Slot peek() {
    Slot slot = SLOT.get();
    return slot != null ? slot : Hop.inheritsSomething() ? create() : null;
  }

  private static Slot create() {
    Slot slot = new Slot(Hop.inherited(Thread.currentThread()));
    SLOT.set(slot);
    return slot;
  }

  void set(@Nullable Span next) {
    span = next;
  }
}
