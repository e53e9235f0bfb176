package io.sonde.profiler.pprof;

import java.util.List;

/** Receives finished windows. */
public interface Windows {
  /**
   * All profiles of one window that have samples; called on the profiler's thread, which the
   * receiver must not hold up. The profiles are the receiver's from now on.
   */
  void window(long startEpochNanos, long endEpochNanos, List<Profile> profiles);
}
