package io.sonde.profiler;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The CPU time that the whole process uses; none where the JVM does not tell. */
public final class ProcessTime {
  private long last = now();

  /** What was used since the last time. */
  public long used() {
    long now = now();
    long used = Math.max(0, now - last);
    last = now;
    return used;
  }

  private static long now() {
    try {
      return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    } catch (LinkageError | ClassCastException e) {
      return 0; // without the module jdk.management
    }
  }
}
