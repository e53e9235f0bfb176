package io.sonde.profiler.jfr;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How often threads found a monitor taken. While waits for monitors are recorded Flight Recorder
 * takes a stack each time, before it can know whether the wait will be long enough for an event.
 */
final class Contentions {
  private final @Nullable ThreadMXBean threads = threads();
  private Map<Long, Long> before = new HashMap<>();

  /** Counts from now on. */
  Contentions() {
    next();
  }

  private static @Nullable ThreadMXBean threads() {
    try {
      return ManagementFactory.getThreadMXBean();
    } catch (LinkageError e) {
      return null; // without java.management
    }
  }

  /** Of the threads that live, since the last time; 0 where nobody counts. */
  final long next() {
    if (threads == null) {
      return 0;
    }
    Map<Long, Long> now = new HashMap<>();
    long sum = 0;
    for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (info != null) {
        long blocked = info.getBlockedCount();
        sum += Math.max(0, blocked - before.getOrDefault(info.getThreadId(), 0L));
        now.put(info.getThreadId(), blocked);
      }
    }
    before = now;
    return sum;
  }
}
