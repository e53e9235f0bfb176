package io.sonde.profiler.jfr;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CPU time as the operating system counts it: of the process, and of each platform thread where
 * samples have to be weighed by it.
 */
final class CpuTimes {
  /** What is known of one thread: its count, and how much of it this window has. */
  private static final class Times {
    long last;
    long window;
    boolean alive;
  }

  final boolean ofRunning;
  private final @Nullable ThreadMXBean threads;
  private final Map<Long, Times> times = new HashMap<>();
  private long process;

  /**
   * @param ofRunning whether samples are of threads that run, and share what each of them used
   */
  CpuTimes(boolean ofRunning) {
    this.ofRunning = ofRunning;
    threads = ofRunning ? threads() : null;
    process = ofProcess();
    look();
    endWindow();
  }

  private static @Nullable ThreadMXBean threads() {
    try {
      ThreadMXBean bean = ManagementFactory.getThreadMXBean();
      return bean.isThreadCpuTimeSupported() && bean.isThreadCpuTimeEnabled() ? bean : null;
    } catch (LinkageError e) {
      return null; // without java.management the process's time has to do
    }
  }

  private static long ofProcess() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }

  /** Called about once a second, so that a thread that dies takes little with it. */
  void look() {
    if (threads == null) {
      return;
    }
    for (long id : threads.getAllThreadIds()) {
      long now = threads.getThreadCpuTime(id);
      if (now < 0) {
        continue;
      }
      Times of = times.get(id);
      if (of == null) {
        of = new Times();
        times.put(id, of);
      }
      of.window += now - of.last;
      of.last = now;
      of.alive = true;
    }
  }

  /** What the whole process took since the last time. */
  long processWindow() {
    long now = ofProcess();
    long taken = now - process;
    process = now;
    return taken;
  }

  /** Whether threads are counted one by one. */
  boolean ofThreads() {
    return threads != null;
  }

  /** What the thread took in this window, -1 where nobody knows. */
  long window(long thread) {
    Times of = times.get(thread);
    return of == null ? -1 : of.window;
  }

  /** What all of these threads took in this window. */
  long window() {
    long sum = 0;
    for (Times of : times.values()) {
      sum += of.window;
    }
    return sum;
  }

  /** Forgets a window that nobody reads. */
  void skipWindow() {
    processWindow();
    look();
    endWindow();
  }

  void endWindow() {
    for (Iterator<Times> all = times.values().iterator(); all.hasNext(); ) {
      Times of = all.next();
      if (!of.alive) {
        all.remove();
      }
      of.window = 0;
      of.alive = false;
    }
  }
}
