package io.sonde.profiler;

import org.jspecify.annotations.Nullable;

/** How far apart samples of CPU time are: as was asked for, or as close as who takes them can. */
public final class CpuPeriod {
  private static final long MILLI = 1_000_000L;

  /** The least of Flight Recorder's {@code ExecutionSample}. */
  public static final long LEAST_EXECUTION = 10 * MILLI;

  /** The least of stacks of busy threads. */
  public static final long LEAST_BUSY = 50 * MILLI;

  private static final int JFR_HAS_CPU_TIME = 25;

  private static final boolean LINUX = System.getProperty("os.name", "").equals("Linux");

  /** In nanoseconds. */
  public final long nanos;

  /** Why that is more than was asked for; null where it is not. */
  public final @Nullable String why;

  private CpuPeriod(long asked, long least, String who) {
    nanos = Math.max(asked, least);
    why = asked < least ? "the least of " + who : null;
  }

  /**
   * Of the engine that is tried first.
   *
   * @param recordings whether they are read by others, who know no samples of CPU time
   */
  static CpuPeriod of(long asked, String engine, int javaVersion, boolean recordings) {
    if (engine.equals("async")) {
      return new CpuPeriod(asked, MILLI, "async-profiler");
    }
    if (engine.equals("sampler") || javaVersion < Choice.JFR_SINCE) {
      return new CpuPeriod(asked, LEAST_BUSY, "stacks of busy threads");
    }
    boolean cpuTime = javaVersion >= JFR_HAS_CPU_TIME && LINUX && !recordings;
    return new CpuPeriod(
        asked, cpuTime ? MILLI : LEAST_EXECUTION, cpuTime ? "CPUTimeSample" : "ExecutionSample");
  }
}
