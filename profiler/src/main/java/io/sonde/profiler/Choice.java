package io.sonde.profiler;

import io.sonde.core.Messages;
import io.sonde.profiler.async.AsyncEngine;
import io.sonde.profiler.pprof.Windows;
import io.sonde.profiler.sampler.SamplerEngine;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tries engines in order, the safest one that can do what was asked first, and remembers why others
 * were passed over.
 */
class Choice {
  private static final String JFR = "io.sonde.profiler.jfr.JfrEngine";
  static final int JFR_SINCE = 17;

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
        return engine(name);
      } catch (Unavailable e) {
        passOver(name, String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception | LinkageError e) {
        passOver(name, e.toString());
      }
    }
    return null;
  }

  /** Who is interrupted is switched off, and whatever failed then may have failed by that. */
  private void passOver(String name, String reason) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    reasons.add(title(name) + ": " + reason);
  }

  /** Starts the engine of that name. */
  Engine engine(String name) throws Exception {
    switch (name) {
      case "jfr":
        return jfr();
      case "async":
        return new AsyncEngine(plan, windows, messages);
      default:
        if (!plan.cpu) {
          throw new Unavailable("they have CPU time alone, which is not asked for");
        }
        return new SamplerEngine(plan, windows);
    }
  }

  /** Why the first ones were not taken; empty where the first one was. */
  String reasons() {
    return String.join("; ", reasons);
  }

  /** A named engine that cannot be is replaced too, but Flight Recorder by no native code. */
  static List<String> order(String asked, int javaVersion, boolean wall) {
    boolean canRead = javaVersion >= JFR_SINCE;
    switch (asked) {
      case "off":
        return Collections.emptyList();
      case "jfr":
        return Arrays.asList("jfr", "sampler");
      case "sampler":
        return Collections.singletonList("sampler");
      default:
        if (!canRead) {
          return Arrays.asList("async", "sampler");
        }
        return asked.equals("async") || wall
            ? Arrays.asList("async", "jfr", "sampler")
            : Arrays.asList("jfr", "async", "sampler");
    }
  }

  private static String title(String name) {
    switch (name) {
      case "jfr":
        return "Flight Recorder";
      case "async":
        return "async-profiler";
      default:
        return "stacks of busy threads";
    }
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
      if (e.getCause() instanceof Unavailable) {
        throw (Unavailable) e.getCause();
      }
      throw new Unavailable(
          e.getCause() instanceof LinkageError
              ? "this JVM has no module jdk.jfr (--add-modules jdk.jfr)"
              : String.valueOf(e.getCause()));
    }
  }
}
