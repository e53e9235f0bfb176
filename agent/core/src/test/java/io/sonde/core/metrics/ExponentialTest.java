package io.sonde.core.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ExponentialTest {
  private static final Exponential NONE = of(1, 0);
  private static final Exponential LOW = of(2, -5, 1, 2);
  private static final Exponential HIGH = of(3, -4, 4, 0, 8);

  private static Exponential of(long zero, int first, long... counts) {
    return new Exponential(3, 0.25, zero, first, counts);
  }

  private static void assertIs(Exponential one, long zero, int first, long... counts) {
    assertEquals(zero, one.zeroCount);
    assertEquals(first, one.first);
    assertArrayEquals(counts, one.counts);
  }

  @Test
  void plus_addsBucketsOfTheSameNumber() {
    assertIs(LOW.plus(HIGH), 5, -5, 1, 6, 0, 8);
    assertIs(HIGH.plus(LOW), 5, -5, 1, 6, 0, 8);
    assertIs(NONE.plus(HIGH), 4, -4, 4, 0, 8);
    assertIs(HIGH.plus(NONE), 4, -4, 4, 0, 8);
    assertIs(of(0, -9, 1).plus(of(0, -6, 1)), 0, -9, 1, 0, 0, 1);
  }

  @Test
  void since_leavesWhatCameAfter() {
    assertIs(LOW.plus(HIGH).since(LOW), 3, -5, 0, 4, 0, 8);
    assertIs(LOW.since(NONE), 1, -5, 1, 2);
    assertEquals(0, HIGH.since(HIGH).count());
  }
}
