package io.sonde.agent.metrics;

import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Links;
import io.sonde.core.Timeline;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.profiler.Expense;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Health;
import io.sonde.profiler.Pinning;

/** How the profiler is: what became of windows, samples and profiles; nothing while it is off. */
final class ProfilerMetrics implements MetricSource {
  private static final Instrument PROFILES =
      counter(
          "profile.exported",
          "{profile}",
          "Profiles that were to leave the agent, with error.type where they did not arrive.");
  private static final Instrument BY_OTLP =
      counter(
          "otlp.profile.exported",
          "{profile}",
          "Profiles that were to leave by OTLP, with error.type where they did not arrive.");
  private static final Instrument SAMPLES =
      counter("samples", "{sample}", "Samples by what became of them.");
  private static final Instrument WINDOWS =
      counter("windows", "{window}", "Windows by why they ended.");
  private static final Instrument RESTARTS =
      counter("restarts", "{start}", "Starts of a profiler that had died.");
  private static final Instrument ALLOCATIONS =
      counter("allocation.windows", "{window}", "Windows by how they sampled allocations.");
  private static final Instrument LOST =
      counter("changes.lost", "{change}", "Changes of context that no sample can be joined to.");

  private static final Instrument LINKS =
      counter("links", "{span}", "Spans that named their profile, by whether they had samples.");
  private static final Instrument NOT_HELD =
      counter("spans.not_held", "{span}", "Spans that should have waited and found no room.");

  private static final Instrument OWN =
      counter("cpu.time", "s", "CPU time of the threads that profile.");
  private static final Instrument TAKING =
      counter(
          "sampling.time",
          "s",
          "CPU time that profiling took of the application's threads, about.");
  private static final Instrument ALLOWED =
      counter("budget.time", "s", "CPU time that the budget allowed meanwhile.");
  private static final Instrument BYTES =
      counter("allocated", "By", "What the threads that profile allocated.");
  private static final Instrument OVER =
      counter("windows.over_budget", "{window}", "Windows that cost more than the budget allows.");
  private static final Instrument CPU_THINNED = thinned("cpu", "samples of CPU time");
  private static final Instrument WALL_THINNED = thinned("wall", "samples by wall clock");
  private static final Instrument ALLOCATIONS_THINNED = thinned("allocation", "allocations");
  private static final Instrument WAITS_THINNED = thinned("wait", "waits");
  private static final Instrument EXCEPTIONS_THINNED = thinned("exception", "exceptions");
  private static final Instrument READINGS_THINNED =
      thinned("reading", "traces whose spans say what they took");

  private static Instrument thinned(String name, String what) {
    return new Instrument(
        Kind.GAUGE,
        "sonde.profiler." + name + ".thinning",
        "1",
        "One in so many " + what + " is left by the budget.");
  }

  private static final Instrument PINS =
      new Instrument(
          Kind.COUNTER,
          "jvm.virtual_thread.pins",
          "{pin}",
          "Times that a virtual thread held its carrier for a millisecond or more while blocked.");
  private static final Instrument PINNED =
      new Instrument(
          Kind.COUNTER,
          "jvm.virtual_thread.pinned.time",
          "s",
          "Time that virtual threads held their carriers while blocked.");

  private static Instrument counter(String name, String unit, String description) {
    return new Instrument(Kind.COUNTER, "sonde.profiler." + name, unit, description);
  }

  @Override
  public void read(MetricReader reader) {
    Health health = Health.PROFILER;
    if (!health.isOn()) {
      return;
    }
    reader.instrument(PROFILES);
    for (Outcome outcome : Outcome.values()) {
      reader.number(AgentMetrics.labels(outcome), Delivery.PROFILES.count(outcome));
    }
    reader.instrument(BY_OTLP);
    for (Outcome outcome : Outcome.values()) {
      reader.number(AgentMetrics.labels(outcome), Delivery.OTLP_PROFILES.count(outcome));
    }
    reader.instrument(SAMPLES);
    for (Health.Sample what : Health.Sample.values()) {
      reader.number(label("sonde.sample", what), health.count(what));
    }
    reader.instrument(WINDOWS);
    for (Health.Window end : Health.Window.values()) {
      reader.number(label("sonde.window.end", end), health.count(end));
    }
    reader.instrument(RESTARTS);
    reader.number(Labels.NONE, health.restarts());
    reader.instrument(ALLOCATIONS);
    for (Health.Allocations how : Health.Allocations.values()) {
      reader.number(label("sonde.mode", how), health.count(how));
    }
    expense(reader, Expense.PROFILER);
    reader.instrument(LINKS);
    reader.number(Labels.of("sonde.link", "with_samples"), Links.alive());
    reader.number(Labels.of("sonde.link", "without"), Links.dead());
    number(reader, NOT_HELD, Links.withoutRoom());
    if (Pinning.isSeen()) {
      reader.instrument(PINS);
      reader.number(Labels.NONE, Pinning.count());
      reader.instrument(PINNED);
      reader.number(Labels.NONE, Pinning.nanos() / 1e9);
    }
    reader.instrument(LOST);
    reader.number(Labels.of("sonde.reason", "overwritten"), Timeline.overwritten());
    reader.number(Labels.of("sonde.reason", "no_room"), Timeline.refused());
  }

  private static void expense(MetricReader reader, Expense expense) {
    number(reader, OWN, expense.ownNanos() / 1e9);
    number(reader, TAKING, expense.takingNanos() / 1e9);
    number(reader, ALLOWED, expense.allowedNanos() / 1e9);
    number(reader, BYTES, expense.bytes());
    number(reader, OVER, expense.over());
    number(reader, CPU_THINNED, expense.thinned(Governor.Kind.CPU));
    number(reader, WALL_THINNED, expense.thinned(Governor.Kind.WALL));
    number(reader, ALLOCATIONS_THINNED, expense.thinned(Governor.Kind.ALLOCATIONS));
    number(reader, WAITS_THINNED, expense.thinned(Governor.Kind.WAITS));
    number(reader, EXCEPTIONS_THINNED, expense.thinned(Governor.Kind.EXCEPTIONS));
    number(reader, READINGS_THINNED, expense.thinned(Governor.Kind.READINGS));
  }

  private static void number(MetricReader reader, Instrument instrument, double value) {
    reader.instrument(instrument);
    reader.number(Labels.NONE, value);
  }

  private static void number(MetricReader reader, Instrument instrument, long value) {
    reader.instrument(instrument);
    reader.number(Labels.NONE, value);
  }

  private static Labels label(String name, Enum<?> value) {
    return Labels.of(name, Health.word(value).replace(' ', '_'));
  }
}
