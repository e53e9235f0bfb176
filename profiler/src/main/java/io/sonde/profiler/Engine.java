package io.sonde.profiler;

/** Where samples come from; found by name, since not every JVM can load every engine. */
public interface Engine {
  /** What it is, for the line that says what was chosen. */
  String describe() throws Exception;

  /**
   * Profiles until the thread is interrupted, which it stays, until that time has come, or until
   * the engine cannot go on.
   *
   * @param untilNanos by {@link System#nanoTime()}
   */
  void run(long untilNanos) throws Exception;
}
