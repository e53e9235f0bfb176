package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * Carries the context from the thread that hands work over to the thread that does it.
 *
 * <p>The context is attached to the task itself and taken off when it runs, so what queues, {@code
 * remove} and {@code afterExecute} see stays the application's own object. Nothing is attached
 * outside a span.
 */
public final class Hop {
  private static final Attached<Span> TASKS = new Attached<>();
  private static final Attached<Span> THREADS = new Attached<>();

  private Hop() {}

  /** The current context goes with {@code task}. */
  public static void capture(@Nullable Object task) {
    Span span = Span.current();
    if (span != null && task != null) {
      TASKS.set(task, span);
    }
  }

  /** The task will not run. */
  public static void drop(@Nullable Object task) {
    if (task != null) {
      TASKS.remove(task);
    }
  }

  /**
   * The task's context becomes the thread's; give what is returned to {@link #exit}. The task keeps
   * nothing.
   */
  public static @Nullable Object enter(@Nullable Object task) {
    return task == null ? null : swap(TASKS.remove(task));
  }

  /** As {@link #enter}, but the task keeps its context for its next run. */
  public static @Nullable Object reenter(@Nullable Object task) {
    return task == null ? null : swap(TASKS.get(task));
  }

  private static @Nullable Object swap(@Nullable Span span) {
    if (span == null) {
      return null;
    }
    Slot slot = Slot.get();
    if (slot.span == span) {
      return null;
    }
    Integer before = slot.depth(); // a small number: its box is shared
    slot.push(span);
    return before;
  }

  /** Gives the thread back the context it had before. */
  public static void exit(@Nullable Object entered) {
    if (entered != null) {
      Slot.get().popTo((Integer) entered);
    }
  }

  /** Takes the place of {@link Runnable#run()} in a worker's loop. */
  public static void run(Runnable task) {
    Object entered = enterFenced(task);
    try {
      task.run();
    } finally {
      exit(entered);
    }
  }

  private static @Nullable Object enterFenced(Runnable task) {
    try {
      return enter(task);
    } catch (Throwable thrown) {
      return null;
    }
  }

  /** The current context goes with a thread that is started here, unless a pool starts it. */
  public static void captureThread(Thread thread) {
    Slot slot = Slot.peek();
    Span span = Span.current(slot);
    if (slot != null && span != null && slot.startingWorkers == 0) {
      THREADS.set(thread, span);
    }
  }

  /** From here to {@link #workersStarted}, threads started by this one are workers of a pool. */
  public static void startingWorkers() {
    Slot slot = Slot.peek();
    if (slot != null) {
      slot.startingWorkers++;
    }
  }

  /** Ends {@link #startingWorkers}. */
  public static void workersStarted() {
    Slot slot = Slot.peek();
    if (slot != null && slot.startingWorkers > 0) {
      slot.startingWorkers--;
    }
  }

  static boolean inheritsSomething() {
    return !THREADS.isEmpty();
  }

  static @Nullable Span inherited(Thread thread) {
    return THREADS.isEmpty() ? null : THREADS.remove(thread);
  }
}
