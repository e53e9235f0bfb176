package io.sonde.instrumentation.xnio;

import io.sonde.core.Attached;
import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.PoolTimes;
import io.sonde.core.pools.Pools;
import io.sonde.core.pools.TaskWaits;
import java.lang.ref.WeakReference;
import net.bytebuddy.asm.Advice;
import org.jboss.threads.EnhancedQueueExecutor;

/**
 * Metrics of the pool that runs Undertow's requests in XNIO 3.8, that of JBoss Threads 2.3 to 3:
 * threads, queue, how long tasks wait, rejected; the pool that older versions use is the JDK's.
 */
public final class QueueExecutors extends PoolReader<EnhancedQueueExecutor> {
  private static final String POOL = "org.jboss.threads.EnhancedQueueExecutor";
  private static final String TASK = "org.jboss.threads.EnhancedQueueExecutor$Task";
  private static final String BODY = "org.jboss.threads.EnhancedQueueExecutor$ThreadBody";
  private static final QueueExecutors READER = new QueueExecutors();
  private static final Attached<TaskWaits> WAITS = new Attached<>();

  /** The pool of what a worker's thread runs, which leads there by nothing that may be called. */
  private static final Attached<WeakReference<EnhancedQueueExecutor>> OF_BODY = new Attached<>();

  private QueueExecutors() {}

  @Override
  public void read(EnhancedQueueExecutor pool, PoolNumbers numbers) {
    int active = pool.getActiveCount();
    long completed = pool.getCompletedTaskCount();
    // Without statistics newer versions say -1 and older ones 0 for ever.
    boolean counts = active != 0 || completed != 0;
    numbers.workers(
        counts ? active : -1,
        pool.getPoolSize(),
        pool.getMaximumPoolSize(),
        pool.getQueueSize(),
        counts ? completed : PoolNumbers.UNKNOWN);
  }

  private static TaskWaits waits(EnhancedQueueExecutor pool) {
    TaskWaits waits = WAITS.get(pool);
    if (waits == null) {
      waits = new TaskWaits(Pools.seen(pool, READER, new PoolTimes()), false);
      WAITS.set(pool, waits);
    }
    return waits;
  }

  /** A pool is made. */
  @Weave(
      type = POOL,
      method = "<init>(org.jboss.threads.EnhancedQueueExecutor$Builder)",
      state = true)
  public static final class Made {
    private Made() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This EnhancedQueueExecutor pool) {
      if (Pools.on()) {
        waits(pool);
      }
    }
  }

  /** A task is handed over, by now as the object that will be run; up to 3.4 under a spin lock. */
  @Weave(
      type = POOL,
      method = {
        "tryExecute(java.lang.Runnable)",
        "tryExecute(org.jboss.threads.EnhancedQueueExecutor$Task)"
      })
  public static final class HandedOver {
    private HandedOver() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This EnhancedQueueExecutor pool, @Advice.Argument(0) Object task) {
      TaskWaits waits = Pools.on() ? WAITS.get(pool) : null;
      if (waits != null) {
        waits.handedOver(task);
      }
    }
  }

  /** The pool is full or shut down, or has no thread. */
  @Weave(
      type = POOL,
      method = {
        "rejectException(java.lang.Runnable,java.lang.Throwable)",
        "rejectNoThread(java.lang.Runnable)",
        "rejectQueueFull(java.lang.Runnable)",
        "rejectShutdown(java.lang.Runnable)",
        "rejectException(org.jboss.threads.EnhancedQueueExecutor$Task,java.lang.Throwable)",
        "rejectNoThread(org.jboss.threads.EnhancedQueueExecutor$Task)",
        "rejectQueueFull(org.jboss.threads.EnhancedQueueExecutor$Task)",
        "rejectShutdown(org.jboss.threads.EnhancedQueueExecutor$Task)"
      })
  public static final class Reject {
    private Reject() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This EnhancedQueueExecutor pool, @Advice.Argument(0) Object task) {
      if (Pools.on()) {
        waits(pool).forget(task);
        Pools.rejected(pool, READER);
      }
    }
  }

  /** A worker's thread is made. */
  @Weave(
      type = BODY,
      method = {
        "<init>(org.jboss.threads.EnhancedQueueExecutor,java.lang.Runnable)",
        "<init>(org.jboss.threads.EnhancedQueueExecutor,org.jboss.threads.EnhancedQueueExecutor$Task)"
      },
      state = true)
  public static final class Body {
    private Body() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.This Object body, @Advice.Argument(0) EnhancedQueueExecutor pool) {
      if (Pools.on()) {
        OF_BODY.set(body, new WeakReference<>(pool));
      }
    }
  }

  /** A worker starts. */
  @Weave(type = BODY, method = "run()")
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Object body) {
      WeakReference<EnhancedQueueExecutor> of = OF_BODY.get(body);
      EnhancedQueueExecutor pool = of == null ? null : of.get();
      if (pool != null) {
        TaskWaits waits = waits(pool);
        Pools.worker(pool, READER);
        waits.worker();
      }
    }
  }

  /** A worker begins a task, up to 3.4. */
  @Weave(type = POOL, method = "safeRun(java.lang.Runnable)", optional = true)
  public static final class Begin {
    private Begin() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) Runnable task) {
      TaskWaits.begins(task);
    }
  }

  /** A worker begins a task, from 3.5. */
  @Weave(type = TASK, method = "run()", optional = true)
  public static final class BeginTask {
    private BeginTask() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Runnable task) {
      TaskWaits.begins(task);
    }
  }
}
