package io.sonde.profiler;

import io.sonde.core.Messages;
import io.sonde.core.Timeline;
import io.sonde.profiler.pprof.Windows;

/**
 * Chooses an engine once the application has settled, and runs it on a thread of its own and of low
 * priority.
 */
public final class Profiler implements Runnable {
  private final Plan plan;
  private final long delayMillis;
  private final Windows windows;
  private final Messages messages;

  private Profiler(Plan plan, long delayMillis, Windows windows, Messages messages) {
    this.plan = plan;
    this.delayMillis = delayMillis;
    this.windows = windows;
    this.messages = messages;
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
    Thread thread = new Thread(null, profiler, "sonde-profiler", 0);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  @Override
  public void run() {
    try {
      Thread.sleep(delayMillis);
      windows.rare(false);
      Choice choice = new Choice(plan, windows, messages);
      Engine engine = choice.engine();
      String not = choice.reasons();
      if (engine == null) {
        messages.warn("no profiles: " + not);
        return;
      }
      messages.warn("profiles by " + engine.describe() + (not.isEmpty() ? "" : ", not by " + not));
      SpanNumbers.start(plan, messages);
      engine.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable thrown) {
      messages.warn("the profiler stops, everything else goes on: " + thrown);
    } finally {
      SpanNumbers.stop();
      Timeline.stop();
    }
  }
}
