package io.sonde.profiler;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import org.jspecify.annotations.Nullable;

/** What is to be profiled, and how. */
public final class Plan {
  private static final long MILLI = 1_000_000L;

  /** How often a thread that computes is looked at, in nanoseconds of CPU time. */
  public final long cpuPeriodNanos;

  /** Whether allocations are sampled. */
  public final boolean allocations;

  /** The shortest wait for a lock that is recorded; 0 for none. */
  public final long lockNanos;

  /** How much time one profile covers. */
  public final long windowNanos;

  /** The most that recordings may take on disk. */
  public final long diskBytes;

  /** How long the application is left to itself first. */
  final long delayMillis;

  private final String engine;

  /** As the settings say. */
  public Plan(Settings settings) {
    engine = engine(settings);
    delayMillis = settings.millis(Option.SONDE_PROFILER_START_DELAY, 15_000);
    diskBytes = (long) settings.count(Option.SONDE_PROFILER_DISK, 16, 64) << 20;
    windowNanos = Math.max(1000 * MILLI, settings.nanos(Option.PYROSCOPE_UPLOAD_INTERVAL));
    cpuPeriodNanos = Math.max(MILLI, settings.nanos(Option.PYROSCOPE_PROFILING_INTERVAL));
    allocations = !isOff(settings.text(Option.PYROSCOPE_PROFILER_ALLOC));
    lockNanos = isOff(settings.text(Option.PYROSCOPE_PROFILER_LOCK)) ? 0 : lockNanos(settings);
  }

  private static String engine(Settings settings) {
    String name = String.valueOf(settings.text(Option.SONDE_PROFILER_ENGINE));
    if (name.equals("auto") || name.equals("jfr") || name.equals("off")) {
      return name;
    }
    settings.problem(Option.SONDE_PROFILER_ENGINE.name(), name, "auto, jfr or off");
    return "auto";
  }

  private static boolean isOff(@Nullable String value) {
    return value != null && (value.equals("off") || value.equals("false") || value.equals("0"));
  }

  private static long lockNanos(Settings settings) {
    String text = String.valueOf(settings.text(Option.PYROSCOPE_PROFILER_LOCK));
    return Math.max(MILLI, Settings.nanos(text, 10 * MILLI));
  }

  /** Whether no engine is wanted at all. */
  public boolean isOff() {
    return engine.equals("off");
  }
}
