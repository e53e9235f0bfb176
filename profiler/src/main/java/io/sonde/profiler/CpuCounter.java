package io.sonde.profiler;

import io.sonde.core.Costs;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** CPU time of the current thread; before Java 17, where its bytes would cost too much to read. */
final class CpuCounter implements Costs.Counters {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  /** Throws where the JVM does not count. */
  CpuCounter() {
    if (!threads.isThreadCpuTimeEnabled()) {
      throw new UnsupportedOperationException("threads are not counted");
    }
  }

  @Override
  public long cpuNanos() {
    return threads.getCurrentThreadCpuTime();
  }

  @Override
  public long bytes() {
    return -1;
  }
}
