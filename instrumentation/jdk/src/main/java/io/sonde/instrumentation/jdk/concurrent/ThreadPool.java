package io.sonde.instrumentation.jdk.concurrent;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;

/**
 * Context through ThreadPoolExecutor: taken when a task is handed over, set while a worker runs it.
 */
public final class ThreadPool {
  private ThreadPool() {}

  /** A task is handed over. */
  @Weave(type = "java.util.concurrent.ThreadPoolExecutor", method = "execute(java.lang.Runnable)")
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) Runnable task) {
      Hop.capture(task);
      Hop.startingWorkers();
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Argument(0) Runnable task, @Advice.Thrown Throwable thrown) {
      Hop.workersStarted();
      if (thrown != null) {
        Hop.drop(task);
      }
    }
  }

  /** A worker runs it. */
  @Weave(
      type = "java.util.concurrent.ThreadPoolExecutor",
      method = "runWorker(java.util.concurrent.ThreadPoolExecutor$Worker)",
      call = "java.lang.Runnable.run()")
  public static final class Run {
    private Run() {}

    /** Takes the place of the task's run. */
    public static void call(Runnable task) {
      Hop.run(task);
    }
  }

  /** It will not run. */
  @Weave(type = "java.util.concurrent.ThreadPoolExecutor", method = "remove(java.lang.Runnable)")
  public static final class Remove {
    private Remove() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.Argument(0) Runnable task, @Advice.Return boolean removed) {
      if (removed) {
        Hop.drop(task);
      }
    }
  }
}
