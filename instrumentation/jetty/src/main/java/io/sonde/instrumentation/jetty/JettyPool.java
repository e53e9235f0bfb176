package io.sonde.instrumentation.jetty;

import io.sonde.core.Attached;
import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.PoolTimes;
import io.sonde.core.pools.Pools;
import io.sonde.core.pools.TaskWaits;
import java.util.concurrent.RejectedExecutionException;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** Metrics of the thread pool of Jetty 9.4 to 12: threads, queue, how long jobs wait, rejected. */
public final class JettyPool extends PoolReader<QueuedThreadPool> {
  private static final String POOL = "org.eclipse.jetty.util.thread.QueuedThreadPool";
  private static final JettyPool READER = new JettyPool();
  private static final Attached<TaskWaits> WAITS = new Attached<>();

  private JettyPool() {}

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

  /** The pool starts. */
  @Weave(type = POOL, method = "doStart()")
  public static final class Start {
    private Start() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This QueuedThreadPool pool) {
      Pools.seen(pool, READER);
    }
  }

  /** A job is handed over, which the pool may not take. */
  @Weave(type = POOL, method = "execute(java.lang.Runnable)", state = true)
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This QueuedThreadPool pool, @Advice.Argument(0) @Nullable Runnable job) {
      if (job == null || !Pools.on()) {
        return;
      }
      TaskWaits waits = WAITS.get(pool);
      if (waits == null) {
        waits = new TaskWaits(Pools.seen(pool, READER, new PoolTimes()), false);
        WAITS.set(pool, waits);
      }
      waits.handedOver(job);
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This QueuedThreadPool pool,
        @Advice.Argument(0) @Nullable Runnable job,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (job == null || !(thrown instanceof RejectedExecutionException)) {
        return; // one that no thread could be started for is in the queue all the same
      }
      TaskWaits waits = WAITS.get(pool);
      if (waits != null) {
        waits.forget(job);
        Pools.rejected(pool, READER);
      }
    }
  }

  /** A worker begins a job. */
  @Weave(type = POOL, method = "runJob(java.lang.Runnable)")
  public static final class Begin {
    private Begin() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This QueuedThreadPool pool, @Advice.Argument(0) Runnable job) {
      TaskWaits waits = Pools.on() ? WAITS.get(pool) : null;
      if (waits != null) {
        waits.began(job);
      }
    }
  }
}
