package io.sonde.overhead;

/** The end of a part's share of the time. */
record Deadline(long nanos) {

  static Deadline inMillis(long millis) {
    return new Deadline(System.nanoTime() + millis * 1_000_000);
  }

  /** When half of the time that is left will be over. */
  Deadline halfway() {
    long now = System.nanoTime();
    return new Deadline(now + Math.max(0, nanos - now) / 2);
  }

  boolean isOver() {
    return System.nanoTime() - nanos > 0;
  }
}
