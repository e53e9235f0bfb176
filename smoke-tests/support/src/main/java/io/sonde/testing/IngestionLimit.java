package io.sonde.testing;

/** How much a Pyroscope server takes of one tenant before compression, unless told otherwise. */
final class IngestionLimit {
  private static final double PER_SECOND = 4 << 20;
  static final long AT_ONCE = 2 << 20;

  private double room = AT_ONCE;
  private long then = System.nanoTime();

  /** Never what is more than it takes at once. */
  synchronized boolean takes(long bytes) {
    long now = System.nanoTime();
    room = Math.min(AT_ONCE, room + (now - then) / 1e9 * PER_SECOND);
    then = now;
    if (bytes > room) {
      return false;
    }
    room -= bytes;
    return true;
  }
}
