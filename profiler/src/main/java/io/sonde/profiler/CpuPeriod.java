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

  private CpuPeriod(long asked, long least, String why) {
    nanos = Math.max(asked, least);
    this.why = asked < least ? why : null;
  }

  /**
   * Of the engine that is tried first.
   *
   * @param recordings whether they are read by others, who know no samples of CPU time
   */
  static CpuPeriod of(long asked, String engine, int javaVersion, boolean recordings) {
    boolean cpuTime = javaVersion >= JFR_HAS_CPU_TIME && LINUX && !recordings;
    if (engine.equals("sampler") || engine.equals("jfr") && javaVersion < Choice.JFR_SINCE) {
      return new CpuPeriod(asked, LEAST_BUSY, "the least of stacks of busy threads");
    }
    return engine.equals("jfr") && !cpuTime
        ? new CpuPeriod(asked, LEAST_EXECUTION, "the least of ExecutionSample")
        : new CpuPeriod(asked, MILLI, "the least");
  }
}
