package io.sonde.profiler;

import io.sonde.core.Costs;
import io.sonde.core.Links;
import io.sonde.core.Messages;

/** What spans get of profiling: what they took, and the link to their profile. */
final class SpanNumbers {
  private static final String FROM_17 = "io.sonde.profiler.jfr.ThreadCounters";

  private static final long RARE = Long.MAX_VALUE / 4;

  private SpanNumbers() {}

  static void start(Plan plan, Messages messages) {
    if (!plan.links && !plan.spanCosts) {
      return;
    }
    Costs.Counters counters;
    try {
      counters = counters(plan);
    } catch (LinkageError | UnsupportedOperationException e) {
      messages.warn(
          "the CPU time of threads is not counted ("
              + (e instanceof LinkageError ? "no module java.management" : e.getMessage())
              + "): "
              + instead(plan));
      if (!plan.links) {
        return;
      }
      counters = Costs.Counters.NONE;
    }
    if (plan.javaVersion >= 17 && counters.cpuNanos() >= 0 && counters.bytes() < 0) {
      messages.warn(
          "the bytes of threads are not counted"
              + (counters instanceof CpuCounter ? " (no module jdk.management)" : "")
              + ": no span says what it allocated, or is linked for it");
    }
    Costs.start(counters, plan.spanCosts);
    if (plan.links) {
      // Where CPU time is not sampled no span has samples by it.
      long period = plan.cpuPeriodNanos * Expense.PROFILER.thinned(Governor.Kind.CPU);
      Links.start(plan.holdSpans, plan.cpuEvent == null ? RARE : period);
      Links.expect(plan.windowNanos);
    }
  }

  private static String instead(Plan plan) {
    if (!plan.links) {
      return "no span says what it took";
    }
    return plan.holdSpans
        ? "spans say what their samples add up to"
        : "no span says what it took, and links go by the length of servers' and consumers' spans";
  }

  private static Costs.Counters counters(Plan plan) {
    if (plan.javaVersion >= 17) {
      try {
        return Class.forName(FROM_17)
            .asSubclass(Costs.Counters.class)
            .getDeclaredConstructor()
            .newInstance();
      } catch (ReflectiveOperationException | LinkageError ignored) {
        // The other one has the reason, or at least CPU time.
      }
    }
    return new CpuCounter();
  }

  static void stop() {
    Costs.stop();
    Links.stop();
  }
}
