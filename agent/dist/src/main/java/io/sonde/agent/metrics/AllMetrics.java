package io.sonde.agent.metrics;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.core.pools.PoolMetrics;
import io.sonde.core.pools.Pools;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that the agent measures, for several readers at once, of which none waits for another, and
 * without what cannot be read.
 *
 * <p>The beans of a rule file come last, since their names are the user's.
 */
final class AllMetrics implements MetricSource {
  private final Metrics.Surroundings agent;
  private final Map<String, MetricSource> sources = new LinkedHashMap<>();
  private final Unread unread;
  private final Apart pools;
  private final @Nullable String rules;
  private boolean complete;
  private volatile @Nullable Apart beans;
  private volatile @Nullable JmxRules jmx;

  /** Of calls, of the agent's own and, where there is one, of a rule file. */
  AllMetrics(
      MetricSource calls, AgentMetrics own, @Nullable String rules, Metrics.Surroundings agent) {
    this.agent = agent;
    this.rules = rules;
    unread = new Unread(agent);
    pools = new Apart("pools", new PoolMetrics(new JvmStart()), agent, unread);
    sources.put("calls", calls);
    sources.put("agent", own);
    sources.put("kept", new KeptMetrics());
    sources.put("traffic", new TrafficMetrics());
    sources.put("profiler", new ProfilerMetrics());
    Pools.start();
  }

  @Override
  public void read(MetricReader to) {
    // A reader may write to a slow client: no lock is held meanwhile.
    Map<String, MetricSource> all = complete();
    // Both are read while the others are shown, so that one does not wait for the other.
    MetricSource ofPools = pools.begin();
    Apart guests = beans;
    MetricSource ofGuests = guests == null ? null : guests.begin();
    OneName names = guests == null ? null : new OneName(to);
    Guarded reader = new Guarded(names == null ? to : names);
    for (Map.Entry<String, MetricSource> source : all.entrySet()) {
      read(source.getKey(), source.getValue(), reader);
    }
    read("pools", ofPools, reader);
    read("agent", unread, reader);
    if (names != null && ofGuests != null) {
      names.guests();
      read("beans", ofGuests, reader);
      JmxRules of = jmx;
      if (of != null) {
        of.leftOut(names.leftOut());
      }
    }
  }

  private void read(String name, MetricSource source, Guarded reader) {
    try {
      source.read(reader);
    } catch (Throwable thrown) {
      if (reader.writing) {
        throw thrown; // The reader's own failure, such as a client that is gone.
      }
      unread.failed(name, thrown);
    }
  }

  /** All sources but those of the application; the map does not change any more. */
  private synchronized Map<String, MetricSource> complete() {
    if (!complete) {
      complete = true;
      if (rules != null) {
        JmxRules of = jmx = new JmxRules(rules, agent);
        beans = new Apart("beans", of, agent, unread);
      }
      add(
          "agent threads",
          () -> new OwnThreads(agent.threads()),
          "java.management",
          "times of the agent's threads");
      add("memory", JvmMetrics::new, "java.management", "memory, thread and class metrics");
      add("safepoints", Safepoints::new, "java.management", "safepoint metrics");
      add("processor", JvmWork::new, "jdk.management", "processor and garbage collection metrics");
      add("allocated", JvmAllocations::new, "jdk.management", "allocation metrics");
      add(
          "allocations",
          () -> new OwnAllocations(agent.threads()),
          "jdk.management",
          "allocations of the agent's threads");
      add("buffers", JvmResources::new, "jdk.management", "buffer and file descriptor metrics");
    }
    return sources;
  }

  private void add(String name, Supplier<MetricSource> source, String module, String what) {
    try {
      sources.put(name, source.get());
    } catch (LinkageError e) {
      agent.warn("this runtime has no module " + module + ": no " + what);
    }
  }

  /** Tells a failure of the reader from one of the source. */
  private static final class Guarded implements MetricReader {
    private final MetricReader to;
    boolean writing;

    Guarded(MetricReader to) {
      this.to = to;
    }

    @Override
    public void instrument(Instrument instrument) {
      writing = true;
      to.instrument(instrument);
      writing = false;
    }

    @Override
    public void number(Labels labels, long value) {
      writing = true;
      to.number(labels, value);
      writing = false;
    }

    @Override
    public void number(Labels labels, double value) {
      writing = true;
      to.number(labels, value);
      writing = false;
    }

    @Override
    public void histogram(Labels labels, Histogram histogram) {
      writing = true;
      to.histogram(labels, histogram);
      writing = false;
    }
  }
}
