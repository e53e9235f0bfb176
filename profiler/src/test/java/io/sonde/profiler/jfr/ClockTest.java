package io.sonde.profiler.jfr;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockTest {
  private static final long SECOND = 1_000_000_000;

  /** Moments are far enough from the next change of a span if they are right to this. */
  private static final long NEAR = 100;

  /** By what the name of the processor says. */
  private final Clock clock = new Clock(1_900_000_000, 0);

  private final Random random = new Random(7);

  /** A counter that began elsewhere. */
  private static long ticks(long nanos, double perNano) {
    return 77_000_000_000L + (long) (nanos * perNano);
  }

  /** What lies between the two clocks: less where the code is warm, more where it has to wait. */
  private long between() {
    int kind = random.nextInt(10);
    return 50L + random.nextInt(kind < 5 ? 60 : kind < 9 ? 5000 : 20_000_000);
  }

  private static void assertNear(long expected, long actual, long apart) {
    assertTrue(Math.abs(actual - expected) <= apart, actual + ", not " + expected);
  }

  /** What the name says, nearly that, a laptop with 2.112 GHz, and one that counts nanoseconds. */
  @ParameterizedTest
  @CsvSource({"1.9, 4", "1.8958, 15", "2.112, 60", "1, 15", "2.112, 4"})
  void eachMomentOfAWindow_withinAPartOfAMicrosecond(double perNano, int seconds) {
    for (long at = 0; at <= seconds * SECOND; at += SECOND / 5) {
      long between = between();
      clock.tick(ticks(at, perNano), (long) (2 * between * perNano), at + between);
    }
    for (long at = 0; at < seconds * SECOND; at += SECOND / 77) {
      assertNear(at, clock.nanos(ticks(at, perNano)), NEAR);
    }
    assertNear(SECOND, clock.scaled((long) (SECOND * perNano)), NEAR);
  }

  /** As it does where the time of day is brought to what a server says. */
  @Test
  void paceThatChanges_isFollowed() {
    long change = 310; // in the middle of a group
    long nanos = 0;
    long ticks = 0;
    for (int step = 0; step < 600; step++) {
      clock.tick(ticks, 200, nanos + 50);
      assertTrue(clock.isSet());
      ticks += 400_000_000;
      nanos += step < change ? 200_020_000 : 199_980_000; // 100 parts in a million
    }
    for (int step = 0; step < 600; step++) {
      long right =
          Math.min(step, change) * 200_020_000L + Math.max(0, step - change) * 199_980_000L;
      boolean same = step < 300 || step >= 320;
      assertNear(right, clock.nanos(step * 400_000_000L), same ? NEAR : 250_000);
    }
  }

  /** The counter goes on while a laptop sleeps, and the JVM's nanoseconds do not. */
  @Test
  void pause_leavesThePace() {
    for (int step = 0; step < 60; step++) {
      long at = step * SECOND / 5;
      clock.tick(ticks(at, 2.112) + (step < 30 ? 0 : 60_000 * SECOND), 200, at + 50);
    }
    assertNear(SECOND, clock.scaled((long) (SECOND * 2.112)), NEAR);
    assertNear(SECOND, clock.nanos(ticks(SECOND, 2.112)), NEAR);
    assertNear(11 * SECOND, clock.nanos(ticks(11 * SECOND, 2.112) + 60_000 * SECOND), NEAR);
  }

  /** The JVM has made its ticks of nanoseconds by what the name says. */
  @Test
  void periodThatWasAskedFor_isAsLongAsTheRecordingSays() {
    clock.tick(0, 0, 0);
    clock.tick(2 * 2_112_000_000L, 0, 2 * SECOND);
    assertNear(20_000_000, clock.said(38_000_000), 1);
    assertNear(20_000_000, clock.scaled(42_240_000), 1);
  }

  @Test
  void shortWindow_hasThePaceOfTheOneBefore() {
    Clock next = new Clock(1_900_000_000, 1 / 2.112);
    next.tick(ticks(0, 2.112), 0, 0);
    next.tick(ticks(SECOND / 5, 2.112), 0, SECOND / 5);
    assertNear(5 * SECOND, next.nanos(ticks(5 * SECOND, 2.112)), NEAR);
  }

  @Test
  void momentsNearEachOther_thePaceIsWhatTheRecordingSays() {
    assertFalse(clock.isSet());
    assertNear(SECOND, clock.scaled(1_900_000_000), 1);
    clock.tick(1000, 2 * 1900, 5 * SECOND + 1300);
    clock.tick(2900, 2 * 1900, 5 * SECOND + 2000);
    assertNear(7 * SECOND, clock.nanos(1000 + 2 * 1_900_000_000L), 3);
    assertNear(4 * SECOND, clock.nanos(1000 - 1_900_000_000L), 3);
    assertNear(SECOND, clock.scaled(1_900_000_000), 1);
  }

  /** They come from the threads' buffers. */
  @Test
  void momentsInAnyOrder_andTwice() {
    clock.tick(2_000_000_000L, 0, 2 * SECOND);
    clock.tick(1_000_000_000L, 0, SECOND);
    clock.tick(1_000_000_000L, 0, SECOND);
    clock.tick(3_000_000_000L, 0, 3 * SECOND);
    assertNear(3 * SECOND / 2, clock.nanos(1_500_000_000L), 2);
  }
}
