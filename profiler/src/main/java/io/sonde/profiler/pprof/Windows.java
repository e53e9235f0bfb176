package io.sonde.profiler.pprof;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Receives finished windows. */
public interface Windows {
  /**
   * All profiles of one window that have samples; called on the profiler's thread, which the
   * receiver must not hold up. The profiles may be read, encoded and kept, but not added to.
   */
  void window(long startEpochNanos, long endEpochNanos, List<Profile> profiles);

  /**
   * The recording that the window's profiles were made of, called before {@link #window} where the
   * plan has recordings and the engine makes them.
   *
   * @param cpuPeriod nanoseconds from one sample of CPU time to the next
   * @param jfr closed by who calls
   */
  default void recording(long startEpochNanos, long endEpochNanos, long cpuPeriod, InputStream jfr)
      throws IOException {}

  /** In the place of {@link #recording} where it may hold more than is ours to send, and why. */
  default void withheld(String why) {}

  /**
   * Whether somebody waits for the end of the window that began then; the profiler asks several
   * times a second, and ends a window that is old enough.
   */
  default boolean isAwaited(long startEpochNanos) {
    return false;
  }

  /** Whether windows from now on last a minute or more, whoever waits; called where it changes. */
  default void rare(boolean rare) {}
}
