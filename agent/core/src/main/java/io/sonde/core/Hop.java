package io.sonde.core;

import java.util.ArrayDeque;
import java.util.TimerTask;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Carries the context from the thread that hands work over to the thread that does it.
 *
 * <p>The context is attached to the task itself and taken off when it runs, so what queues, {@code
 * remove} and {@code afterExecute} see stays the application's own object. Nothing is attached
 * outside a span.
 */
public final class Hop {
  /** A span, or {@link Several} of them where one object waits more than once. */
  private static final Attached<Object> JDK_TASKS = new Attached<>();

  /** The field of any other task may be an instrumentation's. */
  private static final Attached<Object> OTHER_TASKS = new Attached<>(false);

  private Hop() {}

  private static boolean isOfJdk(Object task) {
    return task instanceof FutureTask || task instanceof ForkJoinTask || task instanceof TimerTask;
  }

  private static Attached<Object> tasks(Object task) {
    return isOfJdk(task) ? JDK_TASKS : OTHER_TASKS;
  }

  /** The current context goes with {@code task}, which is handed over once in its life. */
  public static void capture(@Nullable Object task) {
    Span span = Span.current();
    if (span != null && task != null) {
      tasks(task).set(task, span);
    }
  }

  /** The current context goes with one run of {@code task}, which may wait for several at once. */
  public static void captureRun(@Nullable Object task) {
    Span span = Span.current();
    if (span == null || task == null) {
      return;
    }
    Attached<Object> tasks = tasks(task);
    if (tasks == JDK_TASKS) {
      tasks.set(task, span);
      return;
    }
    for (; ; ) {
      Object there = tasks.setIfAbsent(task, span);
      if (there == null) {
        return;
      }
      if (there instanceof Several) {
        if (((Several) there).add(span)) {
          return;
        }
        tasks.remove(task, there);
      } else if (tasks.replace(task, there, new Several((Span) there, span))) {
        return;
      }
    }
  }

  /** One run of the task will not happen. */
  public static void drop(@Nullable Object task) {
    if (task != null) {
      take(task);
    }
  }

  private static @Nullable Span take(Object task) {
    Attached<Object> tasks = tasks(task);
    for (; ; ) {
      Object there = tasks.get(task);
      if (there instanceof Several) {
        Span span = ((Several) there).poll();
        if (((Several) there).closed()) {
          tasks.remove(task, there);
        }
        if (span != null) {
          return span;
        }
      } else if (there == null || tasks.remove(task, there)) {
        return (Span) there;
      }
    }
  }

  /**
   * The task's context becomes the thread's; give what is returned to {@link #exit}. The task keeps
   * nothing.
   */
  public static @Nullable Object enter(@Nullable Object task) {
    return task == null ? null : into(take(task));
  }

  /** A context that was taken elsewhere becomes the thread's; give what is returned to exit. */
  public static @Nullable Object into(@Nullable Span span) {
    if (span == null) {
      return null;
    }
    Slot slot = Slot.get();
    if (slot.span == span) {
      return null;
    }
    Integer before = slot.depth(); // a small number: its box is shared
    slot.carry(span);
    return before;
  }

  /** Gives the thread back the context it had before. */
  public static void exit(@Nullable Object entered) {
    if (entered != null) {
      Slot.get().popTo((Integer) entered);
    }
  }

  /**
   * Takes the place of {@link Runnable#run()} in a worker's loop. Whatever the task leaves behind
   * on the thread, the next one does not find it.
   */
  public static void run(Runnable task) {
    Slot slot = Slot.peek();
    int depth = slot == null ? 0 : slot.depth();
    ServerSpan serving = slot == null ? null : slot.serving;
    try {
      enter(task);
    } catch (Throwable ignored) {
      // The task runs all the same, without its context.
    }
    try {
      task.run();
    } finally {
      leave(depth, serving);
    }
  }

  /** Throws nothing: what the task threw, or that it went well, is what the worker is to see. */
  private static void leave(int depth, @Nullable ServerSpan serving) {
    try {
      Slot slot = Slot.peek();
      if (slot != null) {
        slot.serving = serving;
        slot.popTo(depth);
      }
    } catch (Throwable ignored) {
      // The next task enters its own context.
    }
  }

  /**
   * A task that runs in the current context, for places that do not show the task again when it
   * runs; outside a span it is the task itself.
   */
  public static Runnable wrap(Runnable task) {
    Span span = Span.current();
    return span == null ? task : new Carrying(span, task);
  }

  /**
   * The task of a thread that is made now, for places that do not see that thread: where it begins
   * in a span, profilers are told. Null where they need not be.
   */
  public static @Nullable Runnable announcing(Runnable task) {
    return Timeline.on() && Span.current() != null ? new Announcing(task) : null;
  }

  /** Whether a thread that the current one makes from now on is a virtual one. */
  public static void makesVirtual(boolean virtual) {
    if (virtual && !Timeline.on()) {
      return; // nobody asks who was made
    }
    Slot slot = Slot.peek();
    if (slot != null) {
      slot.makesVirtual = virtual;
    }
  }

  /** This thread is a worker of a pool: it has nothing to do with whoever started it. */
  public static void worker() {
    Slot slot = Slot.peek();
    if (slot != null) {
      slot.forget();
    }
  }

  /** A task that is all that its thread does: the thread is over when it is. */
  private static final class Announcing implements Runnable {
    private final Runnable task;

    Announcing(Runnable task) {
      this.task = task;
    }

    @Override
    public void run() {
      Slot.announce();
      try {
        task.run();
      } finally {
        Slot.finish();
      }
    }
  }

  /** A task and its context. */
  private static final class Carrying implements Runnable {
    private final Span span;
    private final Runnable task;

    Carrying(Span span, Runnable task) {
      this.span = span;
      this.task = task;
    }

    @Override
    public void run() {
      Object entered = into(span);
      try {
        task.run();
      } finally {
        exit(entered);
      }
    }
  }

  /** The contexts of a task that was handed over again before it ran, first in, first out. */
  private static final class Several {
    /** A task that is handed over more often than this before it runs loses the contexts beyond. */
    private static final int MAX = 1_000;

    private final ArrayDeque<Span> spans = new ArrayDeque<>(4);

    Several(Span first, Span second) {
      spans.add(first);
      spans.add(second);
    }

    /** False where it was emptied and so is no longer attached. */
    synchronized boolean add(Span span) {
      if (spans.isEmpty()) {
        return false;
      }
      if (spans.size() < MAX) {
        spans.add(span);
      }
      return true;
    }

    /**
     * A run that never came (the queue was cleared, say) leaves a span behind: those are skipped.
     */
    synchronized @Nullable Span poll() {
      Span span = spans.poll();
      while (span != null && !spans.isEmpty() && span.isOver()) {
        span = spans.poll();
      }
      return span;
    }

    synchronized boolean closed() {
      return spans.isEmpty();
    }
  }
}
