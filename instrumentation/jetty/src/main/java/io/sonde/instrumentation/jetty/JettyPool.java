package io.sonde.instrumentation.jetty;

import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.Pools;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Metrics of the thread pool of Jetty 9.4 to 12. */
@Weave(type = "org.eclipse.jetty.util.thread.QueuedThreadPool", method = "doStart()")
public final class JettyPool extends PoolReader<QueuedThreadPool> {
  private static final JettyPool READER = new JettyPool();

  private JettyPool() {}

  /** The pool has started. */
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void exit(@Advice.This QueuedThreadPool pool) {
    Pools.seen(pool, READER);
  }

  @Override
  public @Nullable String name(QueuedThreadPool pool) {
    String name = pool.getName();
    return name != null && name.matches("qtp-?\\d+") ? "qtp" : name;
  }

  @Override
  public void read(QueuedThreadPool pool, PoolNumbers numbers) {
    numbers.workers(
        pool.getThreads() - pool.getIdleThreads(),
        pool.getThreads(),
        pool.getMaxThreads(),
        pool.getQueueSize(),
        PoolNumbers.UNKNOWN);
  }
}
