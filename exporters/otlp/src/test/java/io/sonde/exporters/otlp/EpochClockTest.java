package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class EpochClockTest {
  private static final long HOUR = 3_600_000_000_000L;

  private final EpochClock clock = new EpochClock();
  private final long now = System.nanoTime();
  private final long first = clock.offset(now);

  @Test
  void offset_isRightToTheMillisecond() {
    long wall = System.currentTimeMillis() * 1_000_000 - System.nanoTime();
    assertTrue(Math.abs(wall - first) < 5_000_000, "off by " + (wall - first));
  }

  @Test
  void wallClockMoved_requestsKeepTheOffsetTheyBeganWith() {
    clock.moved(now + 1000, first + HOUR);
    assertEquals(first, clock.offset(now + 999));
    assertEquals(first + HOUR, clock.offset(now + 1000));
    clock.moved(now + 2000, first);
    assertEquals(first + HOUR, clock.offset(now + 1999));
    assertEquals(first, clock.offset(now + 2000));
  }

  @Test
  void smallDrift_changesNothing() {
    clock.moved(now + 1000, first + 900_000);
    assertEquals(first, clock.offset(now + 2000));
  }

  @Test
  void manyMoves_areBounded_andTheLatestCounts() {
    for (int i = 1; i <= 100; i++) {
      clock.moved(now + i * 1000L, first + i * HOUR);
    }
    assertEquals(first + 100 * HOUR, clock.offset(now + 100_000));
    assertEquals(first + 99 * HOUR, clock.offset(now + 99_000));
  }
}
