package io.sonde.profiler;

import io.sonde.core.Costs;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * CPU time of the current thread: before Java 17, where its bytes would cost too much to read, and
 * without the module jdk.management, which has them.
 */
final class CpuCounter implements Costs.Counters {
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  /** Throws where the JVM does not count. */
  CpuCounter() {
    if (!threads.isThreadCpuTimeEnabled()) {
      throw new UnsupportedOperationException("switched off in this JVM");
    }
  }

  @Override
  public long cpuNanos() {
    try {
      return threads.getCurrentThreadCpuTime();
    } catch (UnsupportedOperationException e) {
      return -1; // a virtual thread, which has only its carrier's
    }
  }

  @Override
  public long bytes() {
    return -1;
  }
}
