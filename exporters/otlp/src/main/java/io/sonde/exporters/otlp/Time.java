package io.sonde.exporters.otlp;

import java.util.concurrent.locks.LockSupport;

/** The time by which pauses are made, the JVM's own where nothing else is said. */
interface Time {
  Time OF_THE_JVM =
      new Time() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void park(Object by, long nanos) {
          LockSupport.parkNanos(by, nanos);
        }
      };

  /** The time now, of use only as a difference. */
  long nanos();

  /** Waits so long, or less. */
  void park(Object by, long nanos);
}
