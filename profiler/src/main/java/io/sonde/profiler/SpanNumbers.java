package io.sonde.profiler;

import io.sonde.core.Costs;
import io.sonde.core.Links;

/** What spans get of profiling: what they took, and the link to their profile. */
final class SpanNumbers {
  private static final String COUNTERS = "io.sonde.profiler.jfr.ThreadCounters";

  private SpanNumbers() {}

  static void start(Plan plan) {
    if (!plan.links && !plan.spanCosts) {
      return;
    }
    try {
      Costs.start(
          Class.forName(COUNTERS)
              .asSubclass(Costs.Counters.class)
              .getDeclaredConstructor()
              .newInstance(),
          plan.spanCosts);
    } catch (ReflectiveOperationException | LinkageError e) {
      return; // this JVM does not count, or before 17
    }
    if (plan.links) {
      Links.start(plan.holdSpans, plan.cpuPeriodNanos);
    }
  }

  static void stop() {
    Costs.stop();
    Links.stop();
  }
}
