package io.sonde.profiler.jfr;

import io.sonde.profiler.Governor;

/**
 * The part of a window in which events of one kind are recorded: all of it, or where they cost too
 * much its first half, quarter and so on. Those that ended in it stand for the others.
 */
final class Turn {
  final Governor.Kind kind;
  private final Governor governor;
  private long begun;
  private long ended;
  private boolean over;

  /** Of an event's weight, which is a whole number, what is left for the next one. */
  private double owed;

  Turn(Governor governor, Governor.Kind kind) {
    this.governor = governor;
    this.kind = kind;
  }

  /** A window begins. */
  void begin(long now) {
    begun = now;
    over = false;
  }

  /** Whether they have been recorded for long enough, of a window that takes so long. */
  boolean isDue(long now, long windowNanos) {
    int step = governor.step(kind);
    return !over && step > 0 && now - begun >= windowNanos >> step;
  }

  /** From now on none is recorded. */
  void end(long now) {
    over = true;
    ended = now;
  }

  /**
   * Whether they were recorded when the event was over: the next window's recording has begun
   * before this one ends.
   */
  boolean covers(long nanos) {
    return !over || nanos - ended <= 0;
  }

  /** Which part of the window that was. */
  double part(long windowNanos) {
    return over ? Math.min(1, (double) (ended - begun) / Math.max(1, windowNanos)) : 1;
  }

  /** How many events the next one that was recorded stands for, however long it took. */
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
