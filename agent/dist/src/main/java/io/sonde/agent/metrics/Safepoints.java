package io.sonde.agent.metrics;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * How often and how long all threads stood still, by the three counters that HotSpot keeps anyway:
 * reading them costs three calls, where Flight Recorder would write an event for each. Nothing on
 * another JVM.
 */
final class Safepoints implements MetricSource {
  private static final String PACKAGE = "sun.management";

  private static final Instrument COUNT =
      counter("jvm.safepoints", "{safepoint}", "Times that all threads were stopped.");
  private static final Instrument STOPPED =
      counter("jvm.safepoint.time", "s", "Time that all threads were stopped for.");
  private static final Instrument STOPPING =
      counter("jvm.safepoint.sync.time", "s", "Time that it took until all threads had stopped.");

  private final @Nullable Object bean;
  private final @Nullable Method count;
  private final @Nullable Method stopped;
  private final @Nullable Method stopping;

  Safepoints() {
    Object found = null;
    Method[] methods = new Method[3];
    try {
      Class<?> factory = Class.forName(PACKAGE + ".ManagementFactoryHelper");
      export(factory);
      Class<?> type = Class.forName(PACKAGE + ".HotspotRuntimeMBean");
      methods[0] = type.getMethod("getSafepointCount");
      methods[1] = type.getMethod("getTotalSafepointTime");
      methods[2] = type.getMethod("getSafepointSyncTime");
      found = factory.getMethod("getHotspotRuntimeMBean").invoke(null);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // Another JVM, or one that does not have them any more.
    }
    bean = found;
    count = methods[0];
    stopped = methods[1];
    stopping = methods[2];
  }

  /** The package becomes visible to the agent alone; java.lang is open to it already. */
  private static void export(Class<?> type) throws ReflectiveOperationException {
    Class<?> modules;
    try {
      modules = Class.forName("java.lang.Module");
    } catch (ClassNotFoundException e) {
      return; // Java 8 hides nothing.
    }
    Method module = Class.class.getMethod("getModule");
    Method export = modules.getDeclaredMethod("implAddExports", String.class, modules);
    export.setAccessible(true);
    export.invoke(module.invoke(type), PACKAGE, module.invoke(Safepoints.class));
  }

  private static Instrument counter(String name, String unit, String description) {
    return new Instrument(Kind.COUNTER, name, unit, description).since(new JvmStart().getAsLong());
  }

  @Override
  public void read(MetricReader reader) {
    long safepoints = value(count);
    if (safepoints < 0) {
      return;
    }
    reader.instrument(COUNT);
    reader.number(Labels.NONE, safepoints);
    reader.instrument(STOPPED);
    reader.number(Labels.NONE, value(stopped) / 1e3);
    reader.instrument(STOPPING);
    reader.number(Labels.NONE, value(stopping) / 1e3);
  }

  private long value(@Nullable Method of) {
    Object from = bean;
    if (from == null || of == null) {
      return -1;
    }
    try {
      return (Long) of.invoke(from);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
