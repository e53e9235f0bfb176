package io.sonde.overhead;

/** The end of a part's share of the time. */
record Deadline(long nanos) {

  static Deadline inMillis(long millis) {
    return new Deadline(System.nanoTime() + millis * 1_000_000);
  }

  boolean isOver() {
    return System.nanoTime() - nanos > 0;
  }
}
