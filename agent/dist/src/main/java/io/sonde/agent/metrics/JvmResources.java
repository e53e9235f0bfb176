package io.sonde.agent.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.List;
import java.util.function.ToLongFunction;

/** Buffer pools and file descriptors of the JVM, by the conventions; needs jdk.management. */
final class JvmResources implements MetricSource {
  private static final Instrument USED =
      new Instrument(
          Kind.UP_DOWN_COUNTER, "jvm.buffer.memory.used", "By", "Memory used by buffers.");
  private static final Instrument LIMIT =
      new Instrument(
          Kind.UP_DOWN_COUNTER,
          "jvm.buffer.memory.limit",
          "By",
          "Total memory capacity of buffers.");
  private static final Instrument BUFFERS =
      new Instrument(Kind.UP_DOWN_COUNTER, "jvm.buffer.count", "{buffer}", "Buffers in the pool.");
  private static final Instrument OPEN =
      new Instrument(
          Kind.UP_DOWN_COUNTER,
          "jvm.file_descriptor.count",
          "{file_descriptor}",
          "Open file descriptors of the process.");
  private static final Instrument MOST =
      new Instrument(
          Kind.UP_DOWN_COUNTER,
          "jvm.file_descriptor.limit",
          "{file_descriptor}",
          "The most file descriptors that the process may open.");

  private final List<BufferPoolMXBean> pools =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);
  private final OperatingSystemMXBean system;
  private final boolean unix;

  JvmResources() {
    this(ManagementFactory.getOperatingSystemMXBean());
  }

  JvmResources(OperatingSystemMXBean system) {
    this.system = system;
    unix = system instanceof UnixOperatingSystemMXBean;
  }

  @Override
  public void read(MetricReader reader) {
    buffers(reader, USED, BufferPoolMXBean::getMemoryUsed);
    buffers(reader, LIMIT, BufferPoolMXBean::getTotalCapacity);
    buffers(reader, BUFFERS, BufferPoolMXBean::getCount);
    if (unix) {
      UnixOperatingSystemMXBean of = (UnixOperatingSystemMXBean) system;
      open(reader, of);
      reader.instrument(MOST);
      reader.number(Labels.NONE, of.getMaxFileDescriptorCount());
    }
  }

  /** The JVM opens a file to count them, and throws an Error where it may open no more. */
  private static void open(MetricReader reader, UnixOperatingSystemMXBean of) {
    long open;
    try {
      open = of.getOpenFileDescriptorCount();
    } catch (InternalError e) {
      return;
    }
    reader.instrument(OPEN);
    reader.number(Labels.NONE, open);
  }

  private void buffers(
      MetricReader reader, Instrument instrument, ToLongFunction<BufferPoolMXBean> value) {
    reader.instrument(instrument);
    for (BufferPoolMXBean pool : pools) {
      long number = value.applyAsLong(pool);
      if (number >= 0) {
        reader.number(Labels.of("jvm.buffer.pool.name", pool.getName()), number);
      }
    }
  }
}
