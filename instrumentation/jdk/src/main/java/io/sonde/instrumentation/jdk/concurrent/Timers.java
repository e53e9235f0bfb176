package io.sonde.instrumentation.jdk.concurrent;

import io.sonde.core.Hop;
import io.sonde.core.Weave;
import java.util.TimerTask;
import net.bytebuddy.asm.Advice;

/** Context through java.util.Timer, for tasks that run once. */
public final class Timers {
  private Timers() {}

  /** A task is handed over. */
  @Weave(type = "java.util.Timer", method = "sched(java.util.TimerTask,long,long)")
  public static final class Schedule {
    private Schedule() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) TimerTask task, @Advice.Argument(2) long period) {
      if (period == 0) {
        Hop.capture(task);
      }
    }
  }

  /** The timer's thread runs it. */
  @Weave(type = "java.util.TimerThread", method = "mainLoop()", call = "java.util.TimerTask.run()")
  public static final class Run {
    private Run() {}

    /** Takes the place of the task's run. */
    public static void call(TimerTask task) {
      Hop.run(task);
    }
  }

  /** The timer's thread starts, perhaps inside a request. */
  @Weave(type = "java.util.TimerThread", method = "run()")
  public static final class Worker {
    private Worker() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter() {
      Hop.worker();
    }
  }

  /** It will not run. */
  @Weave(type = "java.util.TimerTask", method = "cancel()", state = true)
  public static final class Cancel {
    private Cancel() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This TimerTask task) {
      Hop.drop(task);
    }
  }
}
