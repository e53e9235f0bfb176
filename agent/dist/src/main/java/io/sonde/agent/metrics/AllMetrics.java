package io.sonde.agent.metrics;

import io.sonde.core.Delivery;
import io.sonde.core.Red;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.exporters.endpoint.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All that the agent measures, one reader at a time. */
final class AllMetrics implements MetricSource {
  private final Endpoint.Warn warn;
  private final List<MetricSource> sources = new ArrayList<>();
  private boolean complete;

  AllMetrics(Red red, Delivery delivery, Endpoint.Warn warn) {
    this.warn = warn;
    sources.add(red);
    sources.add(new AgentMetrics(delivery, red));
  }

  @Override
  public synchronized void read(MetricReader reader) {
    if (!complete) {
      complete = true;
      add(JvmMetrics::new, "java.management", "memory, thread and class metrics");
      add(JvmWork::new, "jdk.management", "processor and garbage collection metrics");
    }
    for (MetricSource source : sources) {
      source.read(reader);
    }
  }

  private void add(Supplier<MetricSource> source, String module, String what) {
    try {
      sources.add(source.get());
    } catch (LinkageError e) {
      warn.warn("this runtime has no module " + module + ": no " + what);
    }
  }
}
