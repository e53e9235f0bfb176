package io.sonde.profiler.jfr;

import io.sonde.profiler.Governor;

/**
 * The part of a window in which exceptions are recorded: all of it, or where they cost too much its
 * first half, quarter and so on. Those that are recorded stand for the others.
 */
final class ExceptionTurn {
  private final Governor governor;
  private long begun;
  private long ended;
  private boolean over;

  /** Of an exception's weight, which is a whole number, what is left for the next one. */
  private double owed;

  ExceptionTurn(Governor governor) {
    this.governor = governor;
  }

  /** A window begins. */
  void begin(long now) {
    begun = now;
    over = false;
  }

  /** Whether they have been recorded for long enough, of a window that takes so long. */
  boolean isDue(long now, long windowNanos) {
    int step = governor.step(Governor.Kind.EXCEPTIONS);
    return !over && step > 0 && now - begun >= windowNanos >> step;
  }

  /** From now on none is recorded. */
  void end(long now) {
    over = true;
    ended = now;
  }

  /**
   * Whether they were recorded then: the next window's recording has begun before this one ends.
   */
  boolean covers(long nanos) {
    return !over || nanos - ended <= 0;
  }

  /** How many exceptions the next one that was recorded stands for. */
  long weight(long windowNanos) {
    if (!over) {
      return 1;
    }
    owed += Math.max(1, (double) windowNanos / Math.max(1, ended - begun));
    long weight = (long) owed;
    owed -= weight;
    return weight;
  }
}
