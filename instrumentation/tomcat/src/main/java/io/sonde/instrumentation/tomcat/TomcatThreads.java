package io.sonde.instrumentation.tomcat;

import io.sonde.core.Attached;
import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.PoolTimes;
import io.sonde.core.pools.Pools;
import io.sonde.core.pools.TaskWaits;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of Tomcat's own thread pool, 9.0.55 to 11: threads, queue, how long tasks wait, completed
 * and rejected ones; the pool that older versions use is the JDK's.
 */
public final class TomcatThreads extends PoolReader<ThreadPoolExecutor> {
  private static final String POOL = "org.apache.tomcat.util.threads.ThreadPoolExecutor";
  private static final TomcatThreads READER = new TomcatThreads();
  private static final Attached<TaskWaits> WAITS = new Attached<>();
  private static final boolean TIMED = timed();

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

  private static TaskWaits waits(ThreadPoolExecutor pool) {
    TaskWaits waits = WAITS.get(pool);
    if (waits == null) {
      waits = new TaskWaits(Pools.seen(pool, READER, new PoolTimes()), false);
      WAITS.set(pool, waits);
    }
    return waits;
  }

  /** Whether one method that takes tasks calls another, which is so up to 10.0. */
  private static boolean timed() {
    try {
      ThreadPoolExecutor.class.getMethod("execute", Runnable.class, long.class, TimeUnit.class);
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static void executed(Object of, @Nullable Runnable task, @Nullable Throwable thrown) {
    // Of older versions the JDK's own pool counts.
    boolean own = !(of instanceof java.util.concurrent.ThreadPoolExecutor);
    if (thrown == null || task == null || !own || !Pools.on()) {
      return;
    }
    ThreadPoolExecutor pool = (ThreadPoolExecutor) of;
    waits(pool).forget(task);
    if (!(thrown instanceof Error)) { // that no thread could be started is no answer of the pool's
      Pools.rejected(pool, READER);
    }
  }

  /** A task is handed over. */
  @Weave(type = POOL, method = "executeInternal(java.lang.Runnable)", state = true, optional = true)
  public static final class HandedOver {
    private HandedOver() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This ThreadPoolExecutor pool, @Advice.Argument(0) @Nullable Runnable task) {
      if (task != null && Pools.on()) {
        waits(pool).handedOver(task);
      }
    }
  }

  /** A task is not taken: what its queue refuses at first may be forced into it here. */
  @Weave(type = POOL, method = "execute(java.lang.Runnable)")
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This Object pool,
        @Advice.Argument(0) @Nullable Runnable task,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (!TIMED) {
        executed(pool, task, thrown);
      }
    }
  }

  /** The same up to 10.0, where the one above calls this one and others do, too. */
  @Weave(
      type = POOL,
      method = "execute(java.lang.Runnable,long,java.util.concurrent.TimeUnit)",
      optional = true)
  public static final class ExecuteInTime {
    private ExecuteInTime() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This Object pool,
        @Advice.Argument(0) @Nullable Runnable task,
        @Advice.Thrown @Nullable Throwable thrown) {
      executed(pool, task, thrown);
    }
  }

  /** The pool is full or shut down, and its handler deals with that without an exception. */
  @Weave(type = POOL, method = "reject(java.lang.Runnable)", optional = true)
  public static final class Reject {
    private Reject() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This ThreadPoolExecutor pool,
        @Advice.Argument(0) Runnable task,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (thrown == null && Pools.on()) {
        waits(pool).forget(task);
        Pools.rejected(pool, READER);
      }
    }
  }

  /** A task is taken back. */
  @Weave(type = POOL, method = "remove(java.lang.Runnable)", optional = true)
  public static final class Remove {
    private Remove() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.This ThreadPoolExecutor pool,
        @Advice.Argument(0) Runnable task,
        @Advice.Return boolean removed) {
      if (removed && Pools.on()) {
        waits(pool).forget(task);
      }
    }
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
      if (Pools.on()) {
        waits(pool);
        Pools.worker(pool, READER);
      }
    }
  }

  /** A worker begins a task. */
  @Weave(
      type = POOL,
      method = "beforeExecute(java.lang.Thread,java.lang.Runnable)",
      optional = true)
  public static final class Begin {
    private Begin() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This ThreadPoolExecutor pool, @Advice.Argument(1) Object task) {
      TaskWaits waits = Pools.on() ? WAITS.get(pool) : null;
      if (waits != null) {
        waits.began(task);
      }
    }
  }
}
