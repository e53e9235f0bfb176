package io.sonde.agent.metrics;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** Processor time and garbage collections of the JVM; needs jdk.management. */
final class JvmWork implements MetricSource {
  private static final Instrument TIME =
      new Instrument(Kind.COUNTER, "jvm.cpu.time", "s", "Processor time used by the process.")
          .since(ManagementFactory.getRuntimeMXBean().getStartTime());
  private static final Instrument UTILIZATION =
      new Instrument(
          Kind.GAUGE,
          "jvm.cpu.recent_utilization",
          "1",
          "Recent share of all processors used by the process.");
  private static final Instrument GC =
      new Instrument(Kind.HISTOGRAM, "jvm.gc.duration", "s", "Duration of garbage collections.");
  private static final double[] BOUNDS = {0.01, 0.1, 1, 10};

  private final @Nullable OperatingSystemMXBean system;
  private final Map<String, Collections> collections = new TreeMap<>();

  /** From now on collections are counted. */
  JvmWork() {
    java.lang.management.OperatingSystemMXBean bean = ManagementFactory.getOperatingSystemMXBean();
    system = bean instanceof OperatingSystemMXBean ? (OperatingSystemMXBean) bean : null;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      if (collector instanceof NotificationEmitter) {
        ((NotificationEmitter) collector)
            .addNotificationListener((event, handback) -> collected(event), null, null);
      }
    }
  }

  private void collected(Notification event) {
    if (!event
        .getType()
        .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
      return;
    }
    GarbageCollectionNotificationInfo info =
        GarbageCollectionNotificationInfo.from((CompositeData) event.getUserData());
    synchronized (collections) {
      collections
          .computeIfAbsent(
              info.getGcName() + '\n' + info.getGcAction(),
              key -> new Collections(info.getGcName(), info.getGcAction()))
          .add(info.getGcInfo().getDuration() / 1e3);
    }
  }

  @Override
  public void read(MetricReader reader) {
    if (system != null) {
      reader.instrument(TIME);
      reader.number(Labels.NONE, Math.max(0, system.getProcessCpuTime()) / 1e9);
      double load = system.getProcessCpuLoad();
      if (load >= 0) {
        reader.instrument(UTILIZATION);
        reader.number(Labels.NONE, load);
      }
    }
    // The reader may take its time, and the JVM's own thread waits for this lock.
    Map<Labels, Histogram> copy = copy();
    if (!copy.isEmpty()) {
      reader.instrument(GC);
      copy.forEach(reader::histogram);
    }
  }

  private Map<Labels, Histogram> copy() {
    Map<Labels, Histogram> copy = new LinkedHashMap<>();
    synchronized (collections) {
      collections.values().forEach(one -> copy.put(one.labels, one.histogram()));
    }
    return copy;
  }

  /** What one collector did in one way. */
  private static final class Collections {
    final Labels labels;
    private final long[] counts = new long[BOUNDS.length + 1];
    private double sum;

    Collections(String name, String action) {
      labels = Labels.of("jvm.gc.name", name, "jvm.gc.action", action);
    }

    void add(double seconds) {
      int bucket = 0;
      while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
        bucket++;
      }
      counts[bucket]++;
      sum += seconds;
    }

    Histogram histogram() {
      return new Histogram(BOUNDS, counts.clone(), sum, new @Nullable Exemplar[counts.length]);
    }
  }
}
