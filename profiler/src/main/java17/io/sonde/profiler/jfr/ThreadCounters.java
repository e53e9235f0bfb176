package io.sonde.profiler.jfr;

import com.sun.management.ThreadMXBean;
import io.sonde.core.Costs;
import java.lang.management.ManagementFactory;

/** CPU time and bytes of the current thread as the JVM counts them; bytes may be switched off. */
public final class ThreadCounters implements Costs.Counters {
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Throws where the JVM does not count CPU time. */
  public ThreadCounters() {
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
    return threads.getCurrentThreadAllocatedBytes();
  }
}
