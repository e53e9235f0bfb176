package io.sonde.agent.metrics;

import com.sun.management.ThreadMXBean;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * What all threads of the JVM allocated, those that died included: a counter of the JVM's own, from
 * JDK 21 on; needs jdk.management.
 */
final class JvmAllocations implements MetricSource {
  private static final Instrument ALLOCATED =
      new Instrument(
              Kind.COUNTER, "jvm.memory.allocated", "By", "Memory allocated by all threads so far.")
          .since(ManagementFactory.getRuntimeMXBean().getStartTime());

  private final java.lang.management.ThreadMXBean bean = ManagementFactory.getThreadMXBean();
  private final @Nullable Method total = total();

  private static @Nullable Method total() {
    try {
      return ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  @Override
  public void read(MetricReader reader) {
    if (total == null || !(bean instanceof ThreadMXBean)) {
      return;
    }
    long bytes;
    try {
      bytes = (long) total.invoke(bean);
    } catch (ReflectiveOperationException e) {
      return; // It is not supported, or was switched off.
    }
    if (bytes >= 0) {
      reader.instrument(ALLOCATED);
      reader.number(Labels.NONE, bytes);
    }
  }
}
