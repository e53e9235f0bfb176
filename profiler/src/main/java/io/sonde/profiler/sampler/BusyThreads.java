package io.sonde.profiler.sampler;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.sonde.profiler.Unavailable;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Which threads use the CPU, and how much of it each of them has used in this window. */
final class BusyThreads {
  /** Less than that in one look, and a thread does not count as busy. */
  private static final long LEAST_NANOS = 500_000;

  private static final int DEPTH = 128;

  /** Looks between two looks for new threads. */
  private static final int LIST_EACH = 10;

  private final ThreadMXBean threads;
  private final OperatingSystemMXBean system;
  private final long self = Thread.currentThread().getId();
  private final Map<Long, Times> times = new HashMap<>();
  private long[] ids = {};
  private int looks;
  private long process;

  /** One thread's CPU time. */
  private static final class Times {
    long last;
    long look;
    long window;
    int samples;
    boolean alive;
  }

  BusyThreads() throws Unavailable {
    try {
      java.lang.management.ThreadMXBean bean = ManagementFactory.getThreadMXBean();
      java.lang.management.OperatingSystemMXBean os = ManagementFactory.getOperatingSystemMXBean();
      if (!(bean instanceof ThreadMXBean)
          || !(os instanceof OperatingSystemMXBean)
          || !bean.isThreadCpuTimeSupported()
          || !bean.isThreadCpuTimeEnabled()) {
        throw new Unavailable("this JVM does not tell the CPU time of threads");
      }
      threads = (ThreadMXBean) bean;
      system = (OperatingSystemMXBean) os;
    } catch (LinkageError e) {
      throw new Unavailable("this JVM has no module jdk.management");
    }
    process = system.getProcessCpuTime();
    look();
    endWindow();
  }

  /** Counts, new threads too, so that none brings into the next window what it used in this one. */
  void lookAtAll() {
    looks = 0;
    look();
  }

  /** Counts, and says how many threads were busy since the last time. */
  int look() {
    if (looks++ % LIST_EACH == 0) {
      ids = threads.getAllThreadIds();
    }
    long[] now = threads.getThreadCpuTime(ids);
    int busy = 0;
    for (int i = 0; i < ids.length; i++) {
      if (now[i] < 0) {
        continue;
      }
      Times of = times.computeIfAbsent(ids[i], none -> new Times());
      of.look = now[i] - of.last;
      of.window += of.look;
      of.last = now[i];
      of.alive = true;
      if (of.look >= LEAST_NANOS && ids[i] != self) {
        busy++;
      }
    }
    return busy;
  }

  /** The stacks of the busiest threads of the last look. */
  ThreadInfo[] stacks(int most) {
    long[][] busy = new long[ids.length][];
    int count = 0;
    for (long id : ids) {
      Times of = times.get(id);
      if (of != null && of.look >= LEAST_NANOS && id != self) {
        busy[count++] = new long[] {of.look, id};
      }
    }
    Arrays.sort(busy, 0, count, (a, b) -> Long.compare(b[0], a[0]));
    long[] chosen = new long[Math.min(most, count)];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = busy[i][1];
    }
    return threads.getThreadInfo(chosen, DEPTH);
  }

  /** The thread has one more sample. */
  void sampled(long id) {
    Times of = times.get(id);
    if (of != null) {
      of.samples++;
    }
  }

  /** What one sample of the thread stands for. */
  long weight(long id) {
    Times of = times.get(id);
    return of == null || of.samples == 0 ? 0 : of.window / of.samples;
  }

  /** What the whole process has used since the last time. */
  long process() {
    long now = system.getProcessCpuTime();
    long used = now - process;
    process = now;
    return used;
  }

  void endWindow() {
    for (Iterator<Times> all = times.values().iterator(); all.hasNext(); ) {
      Times of = all.next();
      if (!of.alive) {
        all.remove();
      }
      of.window = 0;
      of.samples = 0;
      of.alive = false;
    }
  }
}
