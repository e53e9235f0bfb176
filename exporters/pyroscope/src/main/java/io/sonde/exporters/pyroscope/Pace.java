package io.sonde.exporters.pyroscope;

/**
 * How fast a server takes what one tenant sends, unless told otherwise: 4 MiB a second before
 * compression and 2 MiB at once. One thread's.
 */
final class Pace {
  private static final double PER_SECOND = 4_000_000;
  private static final double AT_ONCE = 2_000_000;
  private static final double SECOND = 1e9;

  private double room = AT_ONCE;
  private long then;

  Pace(long now) {
    then = now;
  }

  /** Nanoseconds until that much may be sent, and counts as sent. */
  long take(long bytes, long now) {
    room = Math.min(AT_ONCE, room + (now - then) / SECOND * PER_SECOND);
    then = now;
    double missing = Math.min(AT_ONCE, (double) bytes) - room;
    room -= bytes;
    return (long) (Math.max(0, missing) / PER_SECOND * SECOND);
  }
}
