package io.sonde.profiler;

import io.sonde.core.Messages;
import io.sonde.profiler.async.AsyncEngine;
import io.sonde.profiler.pprof.Windows;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries engines in order, the safest one that can do what was asked first, and remembers why others
 * were passed over.
 */
final class Choice {
  private static final String JFR = "io.sonde.profiler.jfr.JfrEngine";
  private static final int JFR_SINCE = 17;

  private final Plan plan;
  private final Windows windows;
  private final Messages messages;
  private final List<String> reasons = new ArrayList<>();

  Choice(Plan plan, Windows windows, Messages messages) {
    this.plan = plan;
    this.windows = windows;
    this.messages = messages;
  }

  /** An engine that was started, or null. */
  @Nullable Engine engine() throws Exception {
    for (String name : order(plan.engine, plan.javaVersion, plan.wall)) {
      try {
        return name.equals("jfr") ? jfr() : new AsyncEngine(plan, windows, messages);
      } catch (Unavailable e) {
        reasons.add(title(name) + ": " + e.getMessage());
      } catch (IOException e) {
        reasons.add(title(name) + ": " + e);
      }
    }
    return null;
  }

  /** Why the first ones were not taken; empty where the first one was. */
  String reasons() {
    return String.join("; ", reasons);
  }

  static List<String> order(String asked, int javaVersion, boolean wall) {
    List<String> order = new ArrayList<>();
    if (asked.equals("off")) {
      return order;
    }
    boolean jfrFirst = javaVersion >= JFR_SINCE && !wall;
    order.add(asked.equals("auto") ? (jfrFirst ? "jfr" : "async") : asked);
    if (!order.contains("async") && asked.equals("auto")) {
      order.add("async");
    }
    if (!order.contains("jfr") && javaVersion >= JFR_SINCE) {
      order.add("jfr");
    }
    return order;
  }

  private static String title(String name) {
    return name.equals("jfr") ? "Flight Recorder" : "async-profiler";
  }

  private Engine jfr() throws Exception {
    if (plan.javaVersion < JFR_SINCE) {
      throw new Unavailable("Java " + plan.javaVersion + " cannot read its recordings, 17 can");
    }
    try {
      return Class.forName(JFR)
          .asSubclass(Engine.class)
          .getConstructor(Plan.class, Windows.class, Messages.class)
          .newInstance(plan, windows, messages);
    } catch (LinkageError e) {
      throw new Unavailable("this JVM has no module jdk.jfr (--add-modules jdk.jfr)");
    } catch (InvocationTargetException e) {
      throw new Unavailable(
          e.getCause() instanceof LinkageError
              ? "this JVM has no module jdk.jfr (--add-modules jdk.jfr)"
              : String.valueOf(e.getCause()));
    }
  }
}
