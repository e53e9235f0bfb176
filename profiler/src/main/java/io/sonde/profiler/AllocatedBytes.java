package io.sonde.profiler;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** What the JVM says was allocated, by all threads since its start. */
public class AllocatedBytes {
  private final @Nullable ThreadMXBean threads;
  private final @Nullable Method total; // 21 and newer: threads that died count, too

  /** Asks the JVM whether it counts. */
  public AllocatedBytes() {
    threads = threads();
    total = total();
  }

  private static @Nullable ThreadMXBean threads() {
    try {
      java.lang.management.ThreadMXBean bean = ManagementFactory.getThreadMXBean();
      if (!(bean instanceof ThreadMXBean)) {
        return null;
      }
      ThreadMXBean counting = (ThreadMXBean) bean;
      return counting.isThreadAllocatedMemorySupported()
              && counting.isThreadAllocatedMemoryEnabled()
          ? counting
          : null;
    } catch (LinkageError e) {
      return null; // without jdk.management
    }
  }

  private @Nullable Method total() {
    try {
      return threads == null ? null : ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /** Whether the JVM counts; before 21 what a thread took is gone with it. */
  public boolean isExact() {
    return total != null;
  }

  /** The count; 0 where there is none, or less where it was switched off. */
  public long now() {
    ThreadMXBean all = threads;
    if (all == null || total == null) {
      return 0;
    }
    try {
      return (long) total.invoke(all);
    } catch (ReflectiveOperationException e) {
      return 0;
    }
  }
}
