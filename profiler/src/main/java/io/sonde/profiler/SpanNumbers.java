package io.sonde.profiler;

import io.sonde.core.Costs;
import io.sonde.core.Links;

/** What spans get of profiling: what they took, and the link to their profile. */
final class SpanNumbers {
  private static final String FROM_17 = "io.sonde.profiler.jfr.ThreadCounters";

  private SpanNumbers() {}

  static void start(Plan plan) {
    if (!plan.links && !plan.spanCosts) {
      return;
    }
    try {
      Costs.start(counters(plan), plan.spanCosts);
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      return; // this JVM does not count
    }
    if (plan.links) {
      Links.start(plan.holdSpans, plan.cpuPeriodNanos);
    }
  }

  private static Costs.Counters counters(Plan plan) throws ReflectiveOperationException {
    return plan.javaVersion < 17
        ? new CpuCounter()
        : Class.forName(FROM_17)
            .asSubclass(Costs.Counters.class)
            .getDeclaredConstructor()
            .newInstance();
  }

  static void stop() {
    Costs.stop();
    Links.stop();
  }
}
