package io.sonde.agent.metrics;

import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.Locale;

/** Counts the JVM's platform threads by state, without a stop of any of them. */
final class JvmThreads {
  private JvmThreads() {}

  static void read(MetricReader reader) {
    long[][] counts = new long[2][Thread.State.values().length];
    for (Thread thread : all()) {
      if (thread != null) {
        Thread.State state = thread.getState();
        if (state != Thread.State.NEW && state != Thread.State.TERMINATED) {
          counts[thread.isDaemon() ? 1 : 0][index(state)]++;
        }
      }
    }
    for (Thread.State state : Thread.State.values()) {
      for (int daemon = 0; daemon < 2; daemon++) {
        if (counts[daemon][index(state)] > 0) {
          reader.number(
              Labels.of(
                  "jvm.thread.daemon",
                  daemon == 1,
                  "jvm.thread.state",
                  state.name().toLowerCase(Locale.ROOT)),
              counts[daemon][index(state)]);
        }
      }
    }
  }

  @SuppressWarnings("EnumOrdinal") // only an index, for the length of one reading
  private static int index(Thread.State state) {
    return state.ordinal();
  }

  /** All threads; where they became more meanwhile than there is room for, the rest is missing. */
  private static Thread[] all() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    for (ThreadGroup above = root; above != null; above = above.getParent()) {
      root = above;
    }
    Thread[] threads = new Thread[root.activeCount() * 2 + 16];
    root.enumerate(threads, true);
    return threads;
  }
}
