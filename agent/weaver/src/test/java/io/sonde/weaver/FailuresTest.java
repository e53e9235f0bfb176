package io.sonde.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A rule is lost by failures that come close together, not by those of a long life. */
class FailuresTest {
  private static final long WEEK = TimeUnit.DAYS.toNanos(7);

  private final Failures failures = new Failures(2);

  @Test
  void fiveAtOnce_areTooMany() {
    for (int i = 1; i < Failures.MAX; i++) {
      assertFalse(failures.add(1, WEEK + i), "failure " + i);
    }
    assertTrue(failures.add(1, WEEK + Failures.MAX));
    assertFalse(failures.add(0, WEEK + Failures.MAX), "the other rule");
  }

  @Test
  void oneAWeek_isNeverTooMany() {
    for (long week = 0; week < 520; week++) {
      assertFalse(failures.add(0, week * WEEK), "week " + week);
    }
  }

  @Test
  void oneEveryFiveMinutes_isTooManyBeforeTheHourIsOver() {
    int count = 1;
    while (!failures.add(0, count * TimeUnit.MINUTES.toNanos(5))) {
      count++;
    }
    assertEquals(8, count);
  }

  @Test
  void none_untilTheFirst() {
    assertTrue(failures.none(0));
    failures.add(0, 0);
    assertFalse(failures.none(0));
    assertTrue(failures.none(1));
  }
}
