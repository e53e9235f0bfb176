package io.sonde.settings;

import org.jspecify.annotations.Nullable;

/** Settings of the Pyroscope agent that mean nothing here, and what to use instead. */
public enum Superseded {
  PYROSCOPE_ADHOC_SERVER_ADDRESS("use PYROSCOPE_SERVER_ADDRESS"),
  PYROSCOPE_FORMAT(
      "profiles are pprof, SONDE_PYROSCOPE_ENDPOINT=jfr sends recordings, and"
          + " OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT is for a receiver of OTLP"),
  PYROSCOPE_LOG_LEVEL("use SONDE_LOG"),
  PYROSCOPE_PUSH_QUEUE_CAPACITY("up to 16 MiB of profiles wait"),
  PYROSCOPE_EXPORT_COMPRESSION_LEVEL_LABELS("labels are in the profiles"),
  PYROSCOPE_ALLOC_LIVE("objects that are still alive are not told apart"),
  PYROSCOPE_GC_BEFORE_DUMP("nothing forces a collection"),
  PYROSCOPE_SAMPLING_RATE("all kinds of samples are taken all the time"),
  PYROSCOPE_SAMPLING_DURATION("all kinds of samples are taken all the time"),
  PYROSCOPE_SAMPLING_EVENT_ORDER("all kinds of samples are taken at once"),
  PYROSCOPE_JFR_PROFILER_SETTINGS("the events follow from PYROSCOPE_PROFILER_*"),
  PYROSCOPE_AP_LOG_LEVEL("use SONDE_LOG"),
  PYROSCOPE_AP_EXTRA_ARGUMENTS("the events follow from PYROSCOPE_PROFILER_*");

  /** What to use, or why there is no need. */
  private final String instead;

  Superseded(String instead) {
    this.instead = instead;
  }

  /** A line about those that are set, or null. */
  public static @Nullable String line(Settings settings) {
    StringBuilder line = new StringBuilder();
    for (Superseded setting : values()) {
      if (settings.raw(setting.name()) != null) {
        line.append(line.length() == 0 ? "without effect: " : "; ");
        line.append(setting.name()).append(" (").append(setting.instead).append(')');
      }
    }
    return line.length() == 0 ? null : line.toString();
  }
}
