package io.sonde.instrumentation.jdk.executors;

import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.Pools;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Metrics of ForkJoinPools, the scheduler of virtual threads among them: threads and queue. */
public final class ForkJoinPools extends PoolReader<ForkJoinPool> {
  private static final ForkJoinPools READER = new ForkJoinPools();

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
