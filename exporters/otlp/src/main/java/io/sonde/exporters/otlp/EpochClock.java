package io.sonde.exporters.otlp;

/**
 * Turns {@link System#nanoTime()} into nanoseconds since 1970.
 *
 * <p>The offset between the two clocks is taken when the export begins and again when the wall
 * clock has been moved. A span takes the offset that was in force when its request began, so that
 * the spans of one request never change their order.
 */
final class EpochClock {
  private static final long TOLERANCE = 2_000_000;
  private static final long LONGEST_WAIT_FOR_TICK = 3_000_000;
  private static final int KEPT = 8;
  private static final int MOST_TRIES = 5;
  private static final long CLOSE = 100_000;

  // The offset from[i] is in force from its time on; [0] also for everything before it.
  private final long[] from = new long[KEPT];
  private final long[] offsets = new long[KEPT];
  private int count;

  EpochClock() {
    add(System.nanoTime(), measure());
  }

  /** Takes the offset again where the wall clock has moved; once a minute is enough. */
  void check() {
    long nanos = System.nanoTime();
    long rough = System.currentTimeMillis() * 1_000_000 - nanos;
    if (Math.abs(rough - offsets[count - 1]) > TOLERANCE) {
      moved(nanos, measure());
    }
  }

  void moved(long nanos, long offset) {
    if (Math.abs(offset - offsets[count - 1]) > TOLERANCE / 2) {
      add(nanos, offset);
    }
  }

  /** What to add to the times of a span whose request began at {@code nanos}. */
  long offset(long nanos) {
    int i = count - 1;
    while (i > 0 && nanos - from[i] < 0) {
      i--;
    }
    return offsets[i];
  }

  private void add(long nanos, long offset) {
    if (count == KEPT) {
      System.arraycopy(from, 1, from, 0, KEPT - 1);
      System.arraycopy(offsets, 1, offsets, 0, KEPT - 1);
      count--;
    }
    from[count] = nanos;
    offsets[count++] = offset;
  }

  /**
   * The wall clock shows milliseconds; at the moment when it moves on they are exact. A thread that
   * was put aside between the two readings tries again, and keeps the closest pair.
   */
  private static long measure() {
    long offset = 0;
    long closest = Long.MAX_VALUE;
    for (int i = 0; i < MOST_TRIES && closest > CLOSE; i++) {
      long start = System.nanoTime();
      long first = System.currentTimeMillis();
      long before;
      long millis;
      do {
        before = System.nanoTime();
        millis = System.currentTimeMillis();
      } while (millis == first && before - start < LONGEST_WAIT_FOR_TICK);
      long apart = System.nanoTime() - before;
      if (apart < closest) {
        closest = apart;
        offset = millis * 1_000_000 - before;
      }
    }
    return offset;
  }
}
