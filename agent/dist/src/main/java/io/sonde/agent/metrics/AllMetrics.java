package io.sonde.agent.metrics;

import io.sonde.core.Delivery;
import io.sonde.core.Red;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that the agent measures, for several readers at once, of which none waits for another. */
final class AllMetrics implements MetricSource {
  private final Metrics.Surroundings agent;
  private final List<MetricSource> sources = new ArrayList<>();
  private boolean complete;

  /** Of calls, of the delivery of spans and, where there is one, of samples. */
  AllMetrics(
      MetricSource calls,
      Red red,
      Delivery spans,
      @Nullable Delivery samples,
      Metrics.Surroundings agent) {
    this.agent = agent;
    sources.add(calls);
    sources.add(new AgentMetrics(spans, samples, red));
    sources.add(new ProfilerMetrics());
  }

  @Override
  public void read(MetricReader reader) {
    // A reader may write to a slow client: no lock is held meanwhile.
    for (MetricSource source : complete()) {
      source.read(reader);
    }
  }

  /** All sources; the list does not change any more. */
  private synchronized List<MetricSource> complete() {
    if (!complete) {
      complete = true;
      add(() -> new OwnThreads(agent.threads()), "java.management", "times of the agent's threads");
      add(JvmMetrics::new, "java.management", "memory, thread and class metrics");
      add(JvmWork::new, "jdk.management", "processor and garbage collection metrics");
    }
    return sources;
  }

  private void add(Supplier<MetricSource> source, String module, String what) {
    try {
      sources.add(source.get());
    } catch (LinkageError e) {
      agent.warn("this runtime has no module " + module + ": no " + what);
    }
  }
}
