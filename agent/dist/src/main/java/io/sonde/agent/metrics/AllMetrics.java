package io.sonde.agent.metrics;

import io.sonde.core.Delivery;
import io.sonde.core.Red;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.core.pools.PoolMetrics;
import io.sonde.core.pools.Pools;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that the agent measures, for several readers at once, of which none waits for another.
 *
 * <p>The beans of a rule file come last, since their names are the user's.
 */
final class AllMetrics implements MetricSource {
  private final Metrics.Surroundings agent;
  private final List<MetricSource> sources = new ArrayList<>();
  private final @Nullable String rules;
  private boolean complete;
  private volatile @Nullable MetricSource beans;

  /** Of calls, of the delivery of spans and, where there are any, of samples and of a rule file. */
  AllMetrics(
      MetricSource calls,
      Red red,
      Delivery spans,
      @Nullable Delivery samples,
      @Nullable String rules,
      Metrics.Surroundings agent) {
    this.agent = agent;
    this.rules = rules;
    sources.add(calls);
    sources.add(new AgentMetrics(spans, samples, red));
    sources.add(new ProfilerMetrics());
    sources.add(new PoolMetrics());
    Pools.start();
  }

  @Override
  public void read(MetricReader reader) {
    // A reader may write to a slow client: no lock is held meanwhile.
    List<MetricSource> all = complete();
    MetricSource guests = beans;
    if (guests == null) {
      for (MetricSource source : all) {
        source.read(reader);
      }
      return;
    }
    OneName names = new OneName(reader);
    for (MetricSource source : all) {
      source.read(names);
    }
    names.guests();
    guests.read(names);
  }

  /** All sources; the list does not change any more. */
  private synchronized List<MetricSource> complete() {
    if (!complete) {
      complete = true;
      if (rules != null) {
        beans = new JmxRules(rules, agent);
      }
      add(() -> new OwnThreads(agent.threads()), "java.management", "times of the agent's threads");
      add(JvmMetrics::new, "java.management", "memory, thread and class metrics");
      add(JvmWork::new, "jdk.management", "processor and garbage collection metrics");
      add(
          () -> new OwnAllocations(agent.threads()),
          "jdk.management",
          "allocations of the agent's threads");
      add(JvmResources::new, "jdk.management", "buffer and file descriptor metrics");
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
