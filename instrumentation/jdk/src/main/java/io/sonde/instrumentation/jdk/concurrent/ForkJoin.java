package io.sonde.instrumentation.jdk.concurrent;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import java.util.concurrent.ForkJoinPool;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Context through ForkJoinPool: taken where a task is forked or submitted, set while it is
 * executed; so also through parallel streams and, since it is a task there, each asynchronous stage
 * of a CompletableFuture.
 */
public final class ForkJoin {
  private static final String POOL = "java.util.concurrent.ForkJoinPool";
  private static final String TASK = "java.util.concurrent.ForkJoinTask";

  private ForkJoin() {}

  /** A task is submitted. */
  @Weave(
      type = POOL,
      method = {
        "externalPush(java.util.concurrent.ForkJoinTask)",
        "externalSubmit(java.util.concurrent.ForkJoinTask)"
      })
  public static final class Submit {
    private Submit() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ForkJoinPool pool, @Advice.Argument(0) Object task) {
      capture(pool, task);
    }
  }

  /** A task is submitted, from JDK 20. */
  @Weave(
      type = POOL,
      method = "poolSubmit(boolean,java.util.concurrent.ForkJoinTask)",
      optional = true)
  public static final class PoolSubmit {
    private PoolSubmit() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ForkJoinPool pool, @Advice.Argument(1) Object task) {
      capture(pool, task);
    }
  }

  /** A task is made to run once later, from JDK 25. */
  @Weave(
      type = "java.util.concurrent.DelayScheduler$ScheduledForkJoinTask",
      method =
          "<init>(long,long,boolean,java.lang.Runnable,java.util.concurrent.Callable,java.util.concurrent.ForkJoinPool)")
  public static final class Schedule {
    private Schedule() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.This Object task,
        @Advice.Argument(1) long period,
        @Advice.Argument(5) ForkJoinPool pool) {
      if (period == 0) {
        capture(pool, task);
      }
    }
  }

  /** A worker starts, perhaps inside a request. */
  @Weave(type = "java.util.concurrent.ForkJoinWorkerThread", method = "run()")
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter() {
      Hop.worker();
    }
  }

  /** A task is forked. */
  @Weave(type = TASK, method = "fork()", state = true)
  public static final class Fork {
    private Fork() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Object task) {
      Hop.capture(task);
    }
  }

  /** A task is executed by whoever got it. */
  @Weave(type = TASK, method = "doExec()", state = true)
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable Object enter(@Advice.This Object task) {
      return Hop.enter(task);
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Enter @Nullable Object before) {
      Hop.exit(before);
    }
  }

  /**
   * What the scheduler of virtual threads runs is no task: those threads have contexts of their
   * own.
   */
  static void capture(@Nullable ForkJoinPool pool, Object task) {
    if (pool == null
        || !pool.getFactory().getClass().getName().startsWith("java.lang.VirtualThread")) {
      Hop.capture(task);
    }
  }
}
