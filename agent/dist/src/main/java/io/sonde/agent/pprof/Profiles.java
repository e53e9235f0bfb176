package io.sonde.agent.pprof;

import org.jspecify.annotations.Nullable;

/** The profiler as its pages see it. */
public interface Profiles {
  /** Starts it unless it runs; returns a line that says why it does not run, null where it does. */
  @Nullable String ensure();

  /** Why it does not run, null where it does. */
  @Nullable String obstacle();
}
