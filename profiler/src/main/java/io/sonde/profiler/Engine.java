package io.sonde.profiler;

/** Where samples come from; found by name, since not every JVM can load every engine. */
public interface Engine {
  /** What it is, for the line that says what was chosen. */
  String describe() throws Exception;

  /** Profiles until the thread is interrupted or the engine cannot go on. */
  void run() throws Exception;
}
