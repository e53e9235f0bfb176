package io.sonde.profiler;

import io.sonde.core.Messages;
import io.sonde.core.Timeline;
import io.sonde.profiler.pprof.Windows;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an engine once the application has settled, and runs it on a thread of its own and of low
 * priority.
 */
public final class Profiler implements Runnable {
  private static final String JFR = "io.sonde.profiler.jfr.JfrEngine";
  private static final String NO_MODULE =
      "no profiles: this JVM has no module jdk.jfr (--add-modules jdk.jfr)";

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
      Engine engine = engine();
      if (engine == null) {
        return;
      }
      messages.warn("profiles by " + engine.describe());
      engine.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable thrown) {
      messages.warn("the profiler stops, everything else goes on: " + thrown);
    } finally {
      Timeline.stop();
    }
  }

  private @Nullable Engine engine() throws Exception {
    if (plan.isOff()) {
      return null;
    }
    try {
      return Class.forName(JFR)
          .asSubclass(Engine.class)
          .getConstructor(Plan.class, Windows.class, Messages.class)
          .newInstance(plan, windows, messages);
    } catch (LinkageError e) {
      messages.warn(NO_MODULE);
    } catch (InvocationTargetException e) {
      messages.warn(
          e.getCause() instanceof LinkageError
              ? NO_MODULE
              : "no profiles: Flight Recorder is not available: " + e.getCause());
    }
    return null;
  }

  /** Why this version of Java has no engine, null where it has one. */
  public static @Nullable String obstacle() {
    String version = System.getProperty("java.specification.version", "8");
    int feature = version.startsWith("1.") ? 8 : Integer.parseInt(version);
    return feature < 17
        ? "no profiles: Java " + feature + " cannot read its own recordings, 17 can"
        : null;
  }
}
