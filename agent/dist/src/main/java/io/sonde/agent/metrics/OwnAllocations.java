package io.sonde.agent.metrics;

import com.sun.management.ThreadMXBean;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.lang.management.ManagementFactory;

/** What the agent's own threads allocated; needs jdk.management. */
final class OwnAllocations implements MetricSource {
  private static final Instrument ALLOCATED =
      new Instrument(
          Kind.COUNTER,
          "sonde.thread.allocated",
          "By",
          "Memory allocated by the agent's own threads.");

  private final Iterable<OwnThread> threads;
  private final java.lang.management.ThreadMXBean bean = ManagementFactory.getThreadMXBean();

  OwnAllocations(Iterable<OwnThread> threads) {
    this.threads = threads;
  }

  @Override
  public void read(MetricReader reader) {
    if (!(bean instanceof ThreadMXBean)) {
      return;
    }
    ThreadMXBean of = (ThreadMXBean) bean;
    if (!of.isThreadAllocatedMemorySupported() || !of.isThreadAllocatedMemoryEnabled()) {
      return;
    }
    reader.instrument(ALLOCATED);
    for (OwnThread own : threads) {
      long bytes = of.getThreadAllocatedBytes(own.thread.getId());
      if (bytes >= 0) {
        reader.number(Labels.of("thread.name", own.name), bytes);
      }
    }
  }
}
