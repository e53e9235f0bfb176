package io.sonde.core.pools;

import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * How long the tasks of one executor waited: from where they were handed over until a worker began
 * them, or from when they were due.
 *
 * <p>Called by threads of the application for each task; allocates nothing but a {@link
 * WaitingTasks} that has become too small, and holds on to no task.
 */
public final class TaskWaits {
  private static final ThreadLocal<TaskWaits> WORKER = new ThreadLocal<>();

  private final PoolTimes times;
  private final boolean forks;
  private volatile WaitingTasks waiting;

  /**
   * Waits that become part of {@code times}.
   *
   * @param forks whether tasks begin that were never handed over, and those that were may be so
   *     twice on their way
   */
  public TaskWaits(PoolTimes times, boolean forks) {
    this.times = times;
    this.forks = forks;
    waiting = new WaitingTasks(WaitingTasks.FIRST, forks);
  }

  /** This thread works for the executor from now on. */
  public void worker() {
    WORKER.set(this);
  }

  /** The task is handed over. */
  public void handedOver(Object task) {
    int hash = System.identityHashCode(task);
    int now = WaitingTasks.now();
    WaitingTasks in = waiting;
    if (!in.note(hash, now)) {
      // What waits in the smaller one is not measured.
      waiting = in = in.larger();
      in.note(hash, now);
    }
  }

  /** A task that was handed over will not run. */
  public void forget(Object task) {
    waiting.forget(System.identityHashCode(task), WaitingTasks.now());
  }

  /** This thread, which works for some executor, begins the task; throws nothing. */
  public static void begins(Runnable task) {
    if (!Pools.on()) {
      return;
    }
    try {
      TaskWaits waits = WORKER.get();
      if (waits != null && !waits.began(task) && task instanceof RunnableScheduledFuture) {
        waits.due((RunnableScheduledFuture<?>) task);
      }
    } catch (Throwable ignored) {
      // A task of the application's may not know when it is due: it runs all the same.
    }
  }

  private void due(RunnableScheduledFuture<?> task) {
    times.waits.record(Math.max(0, -task.getDelay(TimeUnit.NANOSECONDS)));
  }

  /** A worker of the executor begins the task. Whether it is known since when that waited. */
  public boolean began(Object task) {
    WaitingTasks in = waiting;
    if (forks && in.isEmpty()) {
      return false;
    }
    long waited = in.begin(System.identityHashCode(task), WaitingTasks.now());
    if (waited < 0) {
      return false;
    }
    times.waits.record(waited);
    return true;
  }
}
