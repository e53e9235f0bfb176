package io.sonde.agent.pprof;

import io.sonde.profiler.Pulled;
import org.jspecify.annotations.Nullable;

/** The profiler as its pages see it. */
public interface Profiles {
  /**
   * Starts it unless it runs; returns a line that says why there will be no such profile, null
   * where there will be one.
   */
  @Nullable String ensure(Pulled what);

  /** Why it does not run, null where it does. */
  @Nullable String obstacle();
}
