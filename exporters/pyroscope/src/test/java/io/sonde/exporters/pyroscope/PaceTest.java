package io.sonde.exporters.pyroscope;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** When the next profile may go. */
class PaceTest {
  private static final long MILLI = 1_000_000;

  private final Pace pace = new Pace(0);

  @Test
  void whatIsLittle_neverWaits() {
    for (int i = 0; i < 20; i++) {
      assertEquals(0, pace.take(100_000, 0));
    }
    assertEquals(25 * MILLI, pace.take(100_000, 0), "the 21st at once");
  }

  @Test
  void whatIsMuch_waitsUntilThereIsRoom() {
    assertEquals(0, pace.take(1_000_000, 0));
    assertEquals(0, pace.take(1_000_000, 0));
    assertEquals(250 * MILLI, pace.take(1_000_000, 0));
    assertEquals(250 * MILLI, pace.take(1_000_000, 250 * MILLI));
    assertEquals(0, pace.take(1_000_000, 10_000 * MILLI));
  }

  /** Nothing makes room for it; what comes after it waits the longer. */
  @Test
  void whatIsMoreThanAtOnce_goesWhenAllIsFree() {
    assertEquals(0, pace.take(6_000_000, 0));
    assertEquals(1250 * MILLI, pace.take(1_000_000, 0));
  }
}
