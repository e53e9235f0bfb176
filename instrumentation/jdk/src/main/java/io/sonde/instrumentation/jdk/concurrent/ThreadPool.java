package io.sonde.instrumentation.jdk.concurrent;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import io.sonde.core.pools.TaskWaits;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ThreadPoolExecutor;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Context through ThreadPoolExecutor and ScheduledThreadPoolExecutor: taken when a task is handed
 * over, set while a worker runs it. A periodic task belongs to nobody's request.
 */
public final class ThreadPool {
  private static final String POOL = "java.util.concurrent.ThreadPoolExecutor";

  private ThreadPool() {}

  /** A task is handed over. */
  @Weave(type = POOL, method = "execute(java.lang.Runnable)")
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) Runnable task) {
      Hop.captureRun(task);
    }
  }

  /** A task is handed over for later. */
  @Weave(
      type = "java.util.concurrent.ScheduledThreadPoolExecutor",
      method = "delayedExecute(java.util.concurrent.RunnableScheduledFuture)")
  public static final class Schedule {
    private Schedule() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) RunnableScheduledFuture<?> task) {
      if (!task.isPeriodic()) {
        Hop.capture(task);
      }
    }
  }

  /** A worker starts, perhaps inside a request. */
  @Weave(type = POOL, method = "runWorker(java.util.concurrent.ThreadPoolExecutor$Worker)")
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter() {
      Hop.worker();
    }
  }

  /** A worker runs a task. */
  @Weave(
      type = POOL,
      method = "runWorker(java.util.concurrent.ThreadPoolExecutor$Worker)",
      call = "java.lang.Runnable.run()")
  public static final class Run {
    private Run() {}

    /** Takes the place of the task's run. */
    public static void call(Runnable task) {
      TaskWaits.begins(task);
      Hop.run(task);
    }
  }

  /** A task is taken back. */
  @Weave(type = POOL, method = "remove(java.lang.Runnable)")
  public static final class Remove {
    private Remove() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.Argument(0) Runnable task, @Advice.Return boolean removed) {
      if (removed) {
        Hop.drop(task);
      }
    }
  }

  /**
   * The pool is full or shut down. The JDK's own handlers run the task here, drop it or throw; a
   * handler of the application's may put it into the queue itself, so there the context stays.
   */
  @Weave(type = POOL, method = "reject(java.lang.Runnable)")
  public static final class Reject {
    private Reject() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This ThreadPoolExecutor pool, @Advice.Argument(0) Runnable task) {
      String handler = pool.getRejectedExecutionHandler().getClass().getName();
      if (handler.startsWith(POOL)) {
        Hop.drop(task);
      }
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Argument(0) Runnable task, @Advice.Thrown @Nullable Throwable thrown) {
      if (thrown != null) {
        Hop.drop(task);
      }
    }
  }

  /** A future is done or cancelled, and may stay in a queue for long. */
  @Weave(type = "java.util.concurrent.FutureTask", method = "finishCompletion()", state = true)
  public static final class Done {
    private Done() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Object task) {
      Hop.drop(task);
    }
  }
}
