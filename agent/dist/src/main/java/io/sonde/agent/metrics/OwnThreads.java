package io.sonde.agent.metrics;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;

/** What the agent's own threads took of the processor; needs java.management. */
public final class OwnThreads implements MetricSource {
  private static final Instrument TIME =
      new Instrument(
          Kind.COUNTER,
          "sonde.thread.cpu.time",
          "s",
          "Processor time used by the agent's own threads.");

  private final Iterable<OwnThread> threads;
  private final ThreadMXBean bean = ManagementFactory.getThreadMXBean();

  /** Of these threads, which may become more. */
  public OwnThreads(List<OwnThread> threads) {
    this.threads = threads;
  }

  @Override
  public void read(MetricReader reader) {
    reader.instrument(TIME);
    for (OwnThread own : threads) {
      long nanos = nanos(own.thread);
      if (nanos >= 0) {
        reader.number(Labels.of("thread.name", own.name), nanos / 1e9);
      }
    }
  }

  private long nanos(Thread thread) {
    return bean.isThreadCpuTimeSupported() && bean.isThreadCpuTimeEnabled()
        ? bean.getThreadCpuTime(thread.getId())
        : -1;
  }

  /** The same as text, such as "sonde-export 0.12 s, sonde-profiler 1.40 s". */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (OwnThread own : threads) {
      long nanos = nanos(own.thread);
      if (nanos >= 0) {
        text.append(text.length() == 0 ? "" : ", ");
        text.append(String.format(Locale.ROOT, "%s %.2f s", own.name, nanos / 1e9));
      }
    }
    return text.toString();
  }
}
