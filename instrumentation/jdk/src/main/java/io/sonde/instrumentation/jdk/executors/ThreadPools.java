package io.sonde.instrumentation.jdk.executors;

import io.sonde.core.Attached;
import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.PoolTimes;
import io.sonde.core.pools.Pools;
import io.sonde.core.pools.TaskWaits;
import java.util.concurrent.ThreadPoolExecutor;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of ThreadPoolExecutors: threads, queue, how long tasks wait, completed and rejected ones.
 */
public final class ThreadPools extends PoolReader<ThreadPoolExecutor> {
  private static final String POOL = "java.util.concurrent.ThreadPoolExecutor";
  private static final ThreadPools READER = new ThreadPools();
  private static final Attached<TaskWaits> WAITS = new Attached<>();

  private ThreadPools() {}

  @Override
  public void read(ThreadPoolExecutor pool, PoolNumbers numbers) {
    numbers.workers(
        pool.getActiveCount(),
        pool.getPoolSize(),
        pool.getMaximumPoolSize(),
        pool.getQueue().size(),
        pool.getCompletedTaskCount());
  }

  /** The agent's own are not the application's. */
  private static boolean isOurs(ThreadPoolExecutor pool) {
    return pool.getThreadFactory().getClass().getName().startsWith("io.sonde.");
  }

  private static @Nullable TaskWaits waits(ThreadPoolExecutor pool) {
    TaskWaits waits = WAITS.get(pool);
    if (waits == null && !isOurs(pool)) {
      waits = new TaskWaits(Pools.seen(pool, READER, new PoolTimes()), false);
      WAITS.set(pool, waits);
    }
    return waits;
  }

  private static void forget(ThreadPoolExecutor pool, Runnable task) {
    TaskWaits waits = Pools.on() ? WAITS.get(pool) : null;
    if (waits != null) {
      waits.forget(task);
    }
  }

  /** A task is handed over. */
  @Weave(type = POOL, method = "execute(java.lang.Runnable)", state = true)
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This ThreadPoolExecutor pool, @Advice.Argument(0) @Nullable Runnable task) {
      TaskWaits waits = Pools.on() ? waits(pool) : null;
      if (waits != null && task != null) {
        waits.handedOver(task);
      }
    }
  }

  /** A task is taken back. */
  @Weave(type = POOL, method = "remove(java.lang.Runnable)")
  public static final class Remove {
    private Remove() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.This ThreadPoolExecutor pool,
        @Advice.Argument(0) Runnable task,
        @Advice.Return boolean removed) {
      if (removed) {
        forget(pool, task);
      }
    }
  }

  /** A worker starts. */
  @Weave(type = POOL, method = "runWorker(java.util.concurrent.ThreadPoolExecutor$Worker)")
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ThreadPoolExecutor pool) {
      TaskWaits waits = Pools.on() ? waits(pool) : null;
      if (waits != null) {
        Pools.worker(pool, READER);
        waits.worker();
      }
    }
  }

  /**
   * The pool is full or shut down. A handler of the application's may put the task into the queue
   * itself, so there it still waits.
   */
  @Weave(type = POOL, method = "reject(java.lang.Runnable)")
  public static final class Reject {
    private Reject() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This ThreadPoolExecutor pool, @Advice.Argument(0) Runnable task) {
      if (Pools.on() && !isOurs(pool)) {
        Pools.rejected(pool, READER);
        if (isOfJdk(pool.getRejectedExecutionHandler())) {
          forget(pool, task);
        }
      }
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This ThreadPoolExecutor pool,
        @Advice.Argument(0) Runnable task,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (thrown != null && !isOfJdk(pool.getRejectedExecutionHandler())) {
        forget(pool, task);
      }
    }

    private static boolean isOfJdk(Object handler) {
      return handler.getClass().getName().startsWith(POOL);
    }
  }
}
