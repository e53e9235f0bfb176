package io.sonde.profiler.pprof;

/** Receives windows and sends them, on a thread that runs it. */
public interface Sender extends Windows, Runnable {
  /** Sends what waits, for so long at most: the JVM ends, and no further window comes. */
  void flush(long millis);
}
