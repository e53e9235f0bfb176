package io.sonde.instrumentation.tomcat;

import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.Pools;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;

/**
 * Metrics of Tomcat's own thread pool, 9.0.55 to 11; the one that older versions use is the JDK's.
 */
public final class TomcatThreads extends PoolReader<ThreadPoolExecutor> {
  private static final String POOL = "org.apache.tomcat.util.threads.ThreadPoolExecutor";
  private static final TomcatThreads READER = new TomcatThreads();

  private TomcatThreads() {}

  @Override
  public void read(ThreadPoolExecutor pool, PoolNumbers numbers) {
    numbers.workers(
        pool.getActiveCount(),
        pool.getPoolSize(),
        pool.getMaximumPoolSize(),
        pool.getQueue().size(),
        pool.getCompletedTaskCount());
  }

  /** A worker starts. */
  @Weave(
      type = POOL,
      method = "runWorker(org.apache.tomcat.util.threads.ThreadPoolExecutor$Worker)",
      optional = true)
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ThreadPoolExecutor pool) {
      Pools.worker(pool, READER);
    }
  }

  /** The pool is full or shut down. */
  @Weave(type = POOL, method = "reject(java.lang.Runnable)", optional = true)
  public static final class Reject {
    private Reject() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This ThreadPoolExecutor pool) {
      Pools.rejected(pool, READER);
    }
  }
}
