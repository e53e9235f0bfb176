package io.sonde.agent.metrics;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/** When the JVM started, in milliseconds since 1970; 0 where there is no java.management. */
final class JvmStart implements LongSupplier {
  @Override
  public long getAsLong() {
    try {
      return ManagementFactory.getRuntimeMXBean().getStartTime();
    } catch (LinkageError e) {
      return 0;
    }
  }
}
