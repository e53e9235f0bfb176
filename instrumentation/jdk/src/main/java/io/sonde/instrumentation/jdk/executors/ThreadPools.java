package io.sonde.instrumentation.jdk.executors;

import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.Pools;
import java.util.concurrent.ThreadPoolExecutor;
import net.bytebuddy.asm.Advice;

/** Metrics of ThreadPoolExecutors: threads, queue, completed and rejected tasks. */
public final class ThreadPools extends PoolReader<ThreadPoolExecutor> {
  private static final String POOL = "java.util.concurrent.ThreadPoolExecutor";
  private static final ThreadPools READER = new ThreadPools();

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

  /** A worker starts. */
  @Weave(type = POOL, method = "runWorker(java.util.concurrent.ThreadPoolExecutor$Worker)")
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ThreadPoolExecutor pool) {
      if (Pools.on() && !isOurs(pool)) {
        Pools.worker(pool, READER);
      }
    }
  }

  /** The pool is full or shut down. */
  @Weave(type = POOL, method = "reject(java.lang.Runnable)")
  public static final class Reject {
    private Reject() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ThreadPoolExecutor pool) {
      if (Pools.on() && !isOurs(pool)) {
        Pools.rejected(pool, READER);
      }
    }
  }
}
