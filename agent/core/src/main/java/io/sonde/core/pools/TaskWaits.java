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
  private volatile WaitingTasks waiting = new WaitingTasks();

  /** Waits that become part of {@code times}. */
  public TaskWaits(PoolTimes times) {
    this.times = times;
  }

  /** This thread works for the executor from now on. */
  public void worker() {
    WORKER.set(this);
  }

  /** The task is handed over. */
  public void handedOver(Object task) {
    note(System.identityHashCode(task), false);
  }

  /** The task is handed over, which may be said twice of it before it begins. */
  public void handedOverOnce(Object task) {
    note(System.identityHashCode(task), true);
  }

  private void note(int hash, boolean once) {
    WaitingTasks in = waiting;
    if (!in.note(hash, WaitingTasks.now(), once) && in.grows()) {
      // What waits in the smaller one is not measured.
      waiting = in = in.larger();
      in.note(hash, WaitingTasks.now(), once);
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
      if (waits == null) {
        return;
      }
      if (task instanceof RunnableScheduledFuture) {
        waits.due((RunnableScheduledFuture<?>) task);
      } else {
        waits.began(task);
      }
    } catch (Throwable ignored) {
      // A task of the application's may not know when it is due: it runs all the same.
    }
  }

  private void due(RunnableScheduledFuture<?> task) {
    times.waits.record(Math.max(0, -task.getDelay(TimeUnit.NANOSECONDS)));
  }

  /** A worker of the executor begins the task, which need not have been handed over. */
  public void began(Object task) {
    WaitingTasks in = waiting;
    if (in.isEmpty()) {
      return;
    }
    long waited = in.begin(System.identityHashCode(task), WaitingTasks.now());
    if (waited >= 0) {
      times.waits.record(waited);
    }
  }
}
