package io.sonde.instrumentation.xnio;

import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.Pools;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioWorker;
import org.xnio.management.XnioWorkerMXBean;

/**
 * Metrics of Undertow's worker threads, XNIO 3.8; the pool that older versions use is the JDK's.
 */
@Weave(
    type = "org.xnio.XnioWorker",
    method = "<init>(org.xnio.XnioWorker$Builder)",
    optional = true)
public final class XnioThreads extends PoolReader<XnioWorker> {
  private static final XnioThreads READER = new XnioThreads();

  private XnioThreads() {}

  /** The worker was made. */
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void exit(@Advice.This XnioWorker worker) {
    Pools.seen(worker, READER);
  }

  @Override
  public @Nullable String name(XnioWorker worker) {
    return worker.getName();
  }

  @Override
  public void read(XnioWorker worker, PoolNumbers numbers) {
    XnioWorkerMXBean bean = worker.getMXBean();
    numbers.workers(
        bean.getBusyWorkerThreadCount(),
        bean.getWorkerPoolSize(),
        bean.getMaxWorkerPoolSize(),
        bean.getWorkerQueueSize(),
        PoolNumbers.UNKNOWN);
  }
}
