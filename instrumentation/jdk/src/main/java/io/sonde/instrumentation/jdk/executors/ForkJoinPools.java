package io.sonde.instrumentation.jdk.executors;

import io.sonde.core.Attached;
import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.PoolTimes;
import io.sonde.core.pools.Pools;
import io.sonde.core.pools.TaskWaits;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of ForkJoinPools, the scheduler of virtual threads among them: threads, queue and
 * rejected tasks; and how long tasks wait that are submitted, not those that others fork, nor
 * virtual threads.
 */
public final class ForkJoinPools extends PoolReader<ForkJoinPool> {
  private static final String POOL = "java.util.concurrent.ForkJoinPool";
  private static final ForkJoinPools READER = new ForkJoinPools();
  private static final Attached<TaskWaits> WAITS = new Attached<>();

  /**
   * Of the one pool whose tasks are run by threads that are no workers too; null until it has any.
   */
  private static volatile @Nullable TaskWaits common;

  private ForkJoinPools() {}

  @Override
  public @Nullable String name(ForkJoinPool pool) {
    return isScheduler(pool) ? "virtual thread scheduler" : null;
  }

  @Override
  public void read(ForkJoinPool pool, PoolNumbers numbers) {
    numbers.workers(
        pool.getActiveThreadCount(),
        pool.getPoolSize(),
        pool.getParallelism(),
        pool.getQueuedTaskCount() + pool.getQueuedSubmissionCount(),
        PoolNumbers.UNKNOWN);
  }

  private static boolean isScheduler(ForkJoinPool pool) {
    return pool.getFactory().getClass().getName().startsWith("java.lang.VirtualThread");
  }

  private static void submitted(ForkJoinPool pool, Object task) {
    TaskWaits waits = WAITS.get(pool);
    if (waits == null) {
      // Where virtual threads are scheduled nothing may be attached: it happens while one changes.
      if (isScheduler(pool)) {
        return;
      }
      waits = new TaskWaits(Pools.seen(pool, READER, new PoolTimes()), true);
      WAITS.set(pool, waits);
      if (pool == ForkJoinPool.commonPool()) {
        common = waits;
      }
    }
    waits.handedOver(task);
  }

  /** The pool is shut down, or its queue is full. */
  private static void left(ForkJoinPool pool, Object task, @Nullable Throwable thrown) {
    if (thrown instanceof RejectedExecutionException && Pools.on() && !isScheduler(pool)) {
      Pools.rejected(pool, READER);
      TaskWaits waits = WAITS.get(pool);
      if (waits != null) {
        waits.forget(task);
      }
    }
  }

  /** A task is submitted; up to JDK 8 below {@link Push}, up to JDK 18 above it. */
  @Weave(type = POOL, method = "externalSubmit(java.util.concurrent.ForkJoinTask)", state = true)
  public static final class Submit {
    private Submit() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ForkJoinPool pool, @Advice.Argument(0) Object task) {
      if (Pools.on()) {
        submitted(pool, task);
      }
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This ForkJoinPool pool,
        @Advice.Argument(0) Object task,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (!Push.known) {
        left(pool, task, thrown);
      }
    }
  }

  /** A task is pushed, up to JDK 18: all that is rejected is rejected here. */
  @Weave(
      type = POOL,
      method = "externalPush(java.util.concurrent.ForkJoinTask)",
      state = true,
      optional = true)
  public static final class Push {
    /** Whether this JDK pushes, which is so before the first task is rejected. */
    static volatile boolean known;

    private Push() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ForkJoinPool pool, @Advice.Argument(0) Object task) {
      if (!known) {
        known = true;
      }
      if (Pools.on()) {
        submitted(pool, task);
      }
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This ForkJoinPool pool,
        @Advice.Argument(0) Object task,
        @Advice.Thrown @Nullable Throwable thrown) {
      left(pool, task, thrown);
    }
  }

  /** A task is submitted, from JDK 19. */
  @Weave(
      type = POOL,
      method = "poolSubmit(boolean,java.util.concurrent.ForkJoinTask)",
      state = true,
      optional = true)
  public static final class PoolSubmit {
    private PoolSubmit() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ForkJoinPool pool, @Advice.Argument(1) Object task) {
      if (Pools.on()) {
        submitted(pool, task);
      }
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This ForkJoinPool pool,
        @Advice.Argument(1) Object task,
        @Advice.Thrown @Nullable Throwable thrown) {
      left(pool, task, thrown);
    }
  }

  /** A task is handed over for later, from JDK 25. */
  @Weave(
      type = POOL,
      method = "scheduleDelayedTask(java.util.concurrent.DelayScheduler$ScheduledForkJoinTask)",
      optional = true)
  public static final class Schedule {
    private Schedule() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This ForkJoinPool pool,
        @Advice.Argument(0) Object task,
        @Advice.Thrown @Nullable Throwable thrown) {
      left(pool, task, thrown);
    }
  }

  /** A task that was handed over for later is due. */
  @Weave(
      type = POOL,
      method =
          "executeEnabledScheduledTask(java.util.concurrent.DelayScheduler$ScheduledForkJoinTask)",
      optional = true)
  public static final class Due {
    private Due() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ForkJoinPool pool, @Advice.Argument(0) Object task) {
      if (Pools.on()) {
        submitted(pool, task);
      }
    }
  }

  /** A task is executed by whoever got it. */
  @Weave(type = "java.util.concurrent.ForkJoinTask", method = "doExec()")
  public static final class Begin {
    private Begin() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Object task) {
      if (!Pools.on()) {
        return;
      }
      Thread thread = Thread.currentThread();
      TaskWaits waits = common;
      if (thread instanceof ForkJoinWorkerThread) {
        ForkJoinPool pool = ((ForkJoinWorkerThread) thread).getPool();
        waits = pool == null ? null : WAITS.get(pool);
      }
      if (waits != null) {
        waits.began(task);
      }
    }
  }

  /** A worker starts. */
  @Weave(type = "java.util.concurrent.ForkJoinWorkerThread", method = "run()")
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ForkJoinWorkerThread thread) {
      ForkJoinPool pool = Pools.on() ? thread.getPool() : null;
      if (pool == null) {
        return;
      }
      if (isScheduler(pool)) {
        Pools.seen(pool, READER);
      } else {
        Pools.worker(pool, READER);
      }
    }
  }
}
