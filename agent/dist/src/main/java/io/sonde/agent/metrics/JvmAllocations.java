package io.sonde.agent.metrics;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.profiler.AllocatedBytes;

/**
 * What all threads of the JVM allocated, those that died included: a counter of the JVM's own, from
 * JDK 21 on; needs jdk.management.
 */
final class JvmAllocations implements MetricSource {
  private static final Instrument ALLOCATED =
      new Instrument(
              Kind.COUNTER, "jvm.memory.allocated", "By", "Memory allocated by all threads so far.")
          .since(new JvmStart().getAsLong());

  private final AllocatedBytes allocated = new AllocatedBytes();

  @Override
  public void read(MetricReader reader) {
    long bytes = allocated.isExact() ? allocated.now() : 0;
    if (bytes > 0) {
      reader.instrument(ALLOCATED);
      reader.number(Labels.NONE, bytes);
    }
  }
}
