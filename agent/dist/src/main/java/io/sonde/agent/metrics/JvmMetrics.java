package io.sonde.agent.metrics;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Memory, threads and classes of the JVM, by the stable conventions; needs java.management. */
final class JvmMetrics implements MetricSource {
  private static final long STARTED = ManagementFactory.getRuntimeMXBean().getStartTime();

  private static final Instrument USED = bytes("used", "Memory used.");
  private static final Instrument COMMITTED = bytes("committed", "Memory committed.");
  private static final Instrument LIMIT = bytes("limit", "The most memory obtainable.");
  private static final Instrument AFTER_GC =
      bytes("used_after_last_gc", "Memory used after the last garbage collection of the pool.");
  private static final Instrument THREADS =
      new Instrument(
          Kind.UP_DOWN_COUNTER, "jvm.thread.count", "{thread}", "Platform threads that run.");
  private static final Instrument LOADED =
      classes(Kind.COUNTER, "loaded", "Classes loaded.").since(STARTED);
  private static final Instrument UNLOADED =
      classes(Kind.COUNTER, "unloaded", "Classes unloaded.").since(STARTED);
  private static final Instrument CLASSES =
      classes(Kind.UP_DOWN_COUNTER, "count", "Classes that are loaded now.");
  private static final Instrument PROCESSORS =
      new Instrument(
          Kind.UP_DOWN_COUNTER, "jvm.cpu.count", "{cpu}", "Processors that the JVM can use.");

  private final List<Pool> pools = new ArrayList<>();
  private final ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();

  JvmMetrics() {
    for (MemoryPoolMXBean bean : ManagementFactory.getMemoryPoolMXBeans()) {
      pools.add(new Pool(bean));
    }
  }

  private static Instrument bytes(String name, String description) {
    return new Instrument(Kind.UP_DOWN_COUNTER, "jvm.memory." + name, "By", description);
  }

  private static Instrument classes(Kind kind, String name, String description) {
    return new Instrument(kind, "jvm.class." + name, "{class}", description);
  }

  @Override
  public void read(MetricReader reader) {
    memory(reader, USED, MemoryPoolMXBean::getUsage, MemoryUsage::getUsed);
    memory(reader, COMMITTED, MemoryPoolMXBean::getUsage, MemoryUsage::getCommitted);
    memory(reader, LIMIT, MemoryPoolMXBean::getUsage, MemoryUsage::getMax);
    memory(reader, AFTER_GC, MemoryPoolMXBean::getCollectionUsage, MemoryUsage::getUsed);
    reader.instrument(THREADS);
    JvmThreads.read(reader);
    reader.instrument(LOADED);
    reader.number(Labels.NONE, classes.getTotalLoadedClassCount());
    reader.instrument(UNLOADED);
    reader.number(Labels.NONE, classes.getUnloadedClassCount());
    reader.instrument(CLASSES);
    reader.number(Labels.NONE, classes.getLoadedClassCount());
    reader.instrument(PROCESSORS);
    reader.number(Labels.NONE, Runtime.getRuntime().availableProcessors());
  }

  private void memory(
      MetricReader reader,
      Instrument instrument,
      Function<MemoryPoolMXBean, @Nullable MemoryUsage> usage,
      Function<MemoryUsage, Long> value) {
    reader.instrument(instrument);
    for (Pool pool : pools) {
      MemoryUsage of = usage.apply(pool.bean);
      long bytes = of == null ? -1 : value.apply(of);
      if (bytes >= 0) {
        reader.number(pool.labels, bytes);
      }
    }
  }

  /** A memory pool and its labels. */
  private static final class Pool {
    final MemoryPoolMXBean bean;
    final Labels labels;

    Pool(MemoryPoolMXBean bean) {
      this.bean = bean;
      labels =
          Labels.of(
              "jvm.memory.type",
              bean.getType() == MemoryType.HEAP ? "heap" : "non_heap",
              "jvm.memory.pool.name",
              bean.getName());
    }
  }
}
