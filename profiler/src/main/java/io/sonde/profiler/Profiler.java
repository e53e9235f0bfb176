package io.sonde.profiler;

import io.sonde.core.Messages;
import io.sonde.core.Timeline;
import io.sonde.profiler.pprof.Windows;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an engine once the application has settled, and runs it on a thread of its own and of low
 * priority. One that dies is started again, after growing pauses.
 */
public final class Profiler implements Runnable {
  /** How long the end of the JVM waits for the last window. */
  public static final long END_MILLIS = 3000;

  /** How soon after its start one that has died is started again; then twice as long each time. */
  private static final long SHORTEST_PAUSE = 5_000;

  private static final long LONGEST_PAUSE = 3_600_000;

  /** An engine that takes over has so many windows before the first one is tried again. */
  private static final int LEAST_WINDOWS = 4;

  /** Long after any run, and no overflow. */
  private static final long FOREVER = 1L << 61;

  private final Plan plan;
  private final long delayMillis;
  private final Windows windows;
  private final SaidOnce messages;

  /** The engine that ran first; a weaker one may run later. */
  private @Nullable Class<?> first;

  /** Such a weaker one ran last. */
  private boolean replaced;

  private Profiler(Plan plan, long delayMillis, Windows windows, Messages messages) {
    this.plan = plan;
    this.delayMillis = delayMillis;
    this.windows = windows;
    this.messages = new SaidOnce(messages);
  }

  /** The thread, which is not started yet; it leaves the application to itself first. */
  public static Thread thread(Plan plan, Windows windows, Messages messages) {
    return thread(new Profiler(plan, plan.delayMillis, windows, messages));
  }

  /** The same for a profile that somebody waits for. */
  public static Thread threadForNow(Plan plan, Windows windows, Messages messages) {
    return thread(new Profiler(plan, 0, windows, messages));
  }

  @SuppressWarnings("ThreadPriorityCheck") // nothing depends on it, the application goes first
  private static Thread thread(Profiler profiler) {
    Thread thread = new WindowThread(profiler);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  @Override
  public void run() {
    OwnWork.PROFILER.begin();
    Thread hook = endWithTheJvm(Thread.currentThread());
    try {
      Thread.sleep(delayMillis);
      long pause = SHORTEST_PAUSE;
      for (; ; ) {
        long begun = System.nanoTime();
        if (hasEnded(pause)) {
          return;
        }
        long ran = (System.nanoTime() - begun) / 1_000_000;
        Thread.sleep(Math.max(0, pause - ran));
        boolean lasted = ran >= LONGEST_PAUSE && !replaced;
        pause = lasted ? SHORTEST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
        Health.PROFILER.restarted();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      forget(hook);
      OwnWork.PROFILER.end();
    }
  }

  /**
   * Profiles until it is told to end, or cannot begin: true; or until it dies, or until the engine
   * that ran first may be tried again.
   */
  private boolean hasEnded(long pauseMillis) throws InterruptedException {
    try {
      Health.PROFILER.down(false);
      windows.rare(false);
      Choice choice = new Choice(plan, windows, messages);
      Engine engine = choice.engine();
      String not = choice.reasons();
      if (engine == null) {
        messages.warn("no profiles: " + not + (first != null ? "; it is tried again later" : ""));
        Health.PROFILER.down(first != null);
        return first == null; // what has worked before may fail for a while only
      }
      boolean again = replaced;
      first = first == null ? engine.getClass() : first;
      replaced = first != engine.getClass();
      messages.warn(
          "profiles by "
              + engine.describe()
              + (not.isEmpty() ? "" : ", not by " + not)
              + (replaced
                  ? ", in the place of an engine that died: that one is tried again, once an hour at"
                      + " the least"
                  : again ? ", as before" : ""));
      SpanNumbers.start(plan, messages);
      long turn = Math.max(pauseMillis * 1_000_000, LEAST_WINDOWS * plan.windowNanos);
      engine.run(System.nanoTime() + (replaced ? turn : FOREVER));
      return !replaced || Thread.currentThread().isInterrupted();
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable thrown) {
      died(thrown);
      return false;
    } finally {
      SpanNumbers.stop();
      Timeline.stop();
    }
  }

  private void died(Throwable thrown) {
    Health.PROFILER.died();
    Health.PROFILER.down(true);
    try {
      messages.warn("the profiler stops and starts again later, all else goes on: " + thrown);
    } catch (OutOfMemoryError e) {
      // It is counted when it starts again.
    }
  }

  private static @Nullable Thread endWithTheJvm(Thread profiler) {
    Thread hook =
        new Thread(
            null,
            new Runnable() {
              @Override
              public void run() {
                end(profiler);
              }
            },
            "sonde-profiler-end",
            0);
    hook.setContextClassLoader(null);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      return hook;
    } catch (IllegalStateException e) {
      return null; // it ends already
    }
  }

  private static void end(Thread profiler) {
    profiler.interrupt();
    try {
      profiler.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(@Nullable Thread hook) {
    try {
      if (hook != null) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    } catch (IllegalStateException e) {
      // The JVM ends, by this hook too.
    }
  }
}
