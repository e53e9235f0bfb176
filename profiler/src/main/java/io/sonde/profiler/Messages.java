package io.sonde.profiler;

/** Where the profiler says what the user should know. */
public interface Messages {
  /** One line. */
  void warn(String line);
}
