package io.sonde.profiler;

import com.sun.management.ThreadMXBean;
import io.sonde.core.Costs;
import io.sonde.core.Timeline;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of the profiler have used of the processor and allocated: the agent's, and on
 * Linux those that Flight Recorder and async-profiler have of their own.
 *
 * <p>Threads are added by themselves; read by the profiler's thread alone.
 */
public class OwnWork {
  /** Of this process. */
  public static final OwnWork PROFILER = new OwnWork();

  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final Map<Thread, long[]> last = new ConcurrentHashMap<>(); // nanoseconds and bytes
  private long nanos;
  private long bytes;
  private @Nullable NativeThreads others;

  OwnWork() {}

  /** The same work, by a thread that counts for it. */
  public Runnable of(Runnable work) {
    return () -> {
      begin();
      try {
        work.run();
      } finally {
        end();
      }
    };
  }

  /** The current thread works for the profiler from now on. */
  void begin() {
    threads.add(Thread.currentThread());
  }

  /** The current thread does no longer. */
  void end() {
    threads.remove(Thread.currentThread());
    last.remove(Thread.currentThread());
  }

  /** Counts what was used since the last time. */
  void look() {
    try {
      look((ThreadMXBean) ManagementFactory.getThreadMXBean());
    } catch (LinkageError | ClassCastException | UnsupportedOperationException e) {
      // without the module jdk.management or without counters what others show has to do
    }
    if (others == null) {
      others = new NativeThreads();
    }
    nanos += others.used();
  }

  private void look(ThreadMXBean bean) {
    for (Thread thread : threads) {
      long[] before = last.computeIfAbsent(thread, none -> new long[2]);
      long cpu = bean.getThreadCpuTime(thread.getId());
      long allocated = bean.getThreadAllocatedBytes(thread.getId());
      nanos += Math.max(0, cpu - before[0]);
      bytes += Math.max(0, allocated - before[1]);
      before[0] = Math.max(cpu, before[0]);
      before[1] = Math.max(allocated, before[1]);
    }
  }

  /** Changes of context that the application's threads wrote down so far. */
  long changes() {
    return Timeline.changes();
  }

  /** How often they read their CPU time. */
  long readings() {
    return Costs.readings();
  }

  /** What reading it takes at the least. */
  long readingNanos() {
    return Costs.readingNanos();
  }

  /** CPU time so far, as of the last look. */
  long nanos() {
    return nanos;
  }

  /** Bytes allocated so far, as of the last look. */
  long bytes() {
    return bytes;
  }
}
