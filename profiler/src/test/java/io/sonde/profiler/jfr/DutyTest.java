package io.sonde.profiler.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.profiler.AllocatedBytes;
import io.sonde.profiler.FreshGovernor;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Plan;
import io.sonde.settings.Settings;
import org.junit.jupiter.api.Test;

/** For how much of the time events of allocation are on. */
class DutyTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;
  private static final long WINDOW = 15_000 * MILLI;

  private final Governor governor =
      FreshGovernor.of(new Plan(new Settings(key -> null, name -> null), false, false));
  private final Duty duty =
      new Duty(
          new AllocatedBytes() {
            @Override
            public boolean isExact() {
              return false;
            }
          },
          governor,
          WINDOW,
          false);

  private long now;

  /** A window with so many events a second while they are on; for how much of it they were. */
  private double window(double perSecond, boolean shared) {
    duty.begin(now);
    long on = 0;
    for (long step = 0; step < WINDOW; step += 10 * MILLI) {
      long at = now + step;
      if (duty.wanted(at) && !duty.isOn()) {
        duty.on(at);
      } else if (!duty.wanted(at)) {
        duty.off(at);
      }
      on += duty.isOn() ? 10 * MILLI : 0;
    }
    now += WINDOW;
    duty.end(now);
    duty.next((long) (perSecond * on / 1e9), shared);
    return (double) on / WINDOW;
  }

  @Test
  void few_allOfThem() {
    window(400, false);
    assertEquals(AllocationMode.ALL, duty.mode());
    assertEquals(1, window(400, false));
  }

  @Test
  void more_forAPartOfTheTime_andAllOfThemAgain() {
    window(600, false);
    assertEquals(0.5, window(600, false), 0.01);
    window(1900, false);
    assertEquals(0.25, window(3900, false), 0.01);
    assertEquals(0.125, window(400, false), 0.01);
    assertEquals(1, window(400, false));
  }

  @Test
  void many_byChance_andCountedAgainAfterAWhile() {
    window(5000, false);
    assertEquals(AllocationMode.SAMPLED, duty.mode());
    int windows = 0;
    while (duty.mode() == AllocationMode.SAMPLED) {
      assertEquals(0, window(5000, false));
      assertTrue(++windows < 30);
    }
    assertEquals(0.125, window(5000, false), 0.01);
    assertEquals(AllocationMode.SAMPLED, duty.mode());
  }

  @Test
  void shared_byChance_andForAPartOfTheTimeAsSoonAsItIsNot() {
    window(100, true);
    assertEquals(AllocationMode.SAMPLED, duty.mode());
    window(0, false);
    assertEquals(AllocationMode.DUTY, duty.mode());
    window(100, false);
    assertEquals(AllocationMode.ALL, duty.mode());
  }

  @Test
  void somebodyRecordsForAWhile_offUntilThen_andTheWindowIsNotWhole() {
    now = SECOND;
    duty.begin(now);
    assertTrue(duty.wanted(now));
    duty.on(now);
    duty.giveWay(true);
    assertFalse(duty.wanted(now + SECOND));
    duty.off(now + 5 * SECOND);
    duty.giveWay(false);
    assertTrue(duty.wanted(now + 14 * SECOND));
    duty.end(now + WINDOW);
    assertEquals(3, duty.factor(WINDOW, 100), "seen for a third of it, and nobody counts");
    duty.begin(now + WINDOW);
    duty.on(now + WINDOW);
    duty.end(now + 2 * WINDOW);
    assertEquals(1, duty.factor(WINDOW, 100));
  }

  /** Of what the JVM counted nothing is left out. */
  @Test
  void noEventInAWindow_itsBytesAreTheNextOnes() {
    long[] counted = {0};
    Duty counting =
        new Duty(
            new AllocatedBytes() {
              @Override
              public boolean isExact() {
                return true;
              }

              @Override
              public long now() {
                return counted[0];
              }
            },
            governor,
            WINDOW,
            true);
    counting.begin(0);
    counted[0] = 700;
    counting.end(WINDOW);
    assertEquals(1, counting.factor(WINDOW, 0));
    counting.begin(WINDOW);
    counted[0] = 1000;
    counting.end(2 * WINDOW);
    assertEquals(10, counting.factor(WINDOW, 100));
    counting.begin(2 * WINDOW);
    counted[0] = 1500;
    counting.end(3 * WINDOW);
    counting.skip(); // it could not be read
    counting.begin(3 * WINDOW);
    counted[0] = 1600;
    counting.end(4 * WINDOW);
    assertEquals(2, counting.factor(WINDOW, 50));
  }

  @Test
  void thinned_halfAsLongForEachStep() {
    while (governor.step(Governor.Kind.ALLOCATIONS) == 0) {
      for (int i = 0; i < 1000; i++) {
        governor.count(Governor.Kind.ALLOCATIONS, 60);
      }
      governor.window(1000 * MILLI, 500 * MILLI);
    }
    int step = governor.step(Governor.Kind.ALLOCATIONS);
    assertTrue(step <= 3, "of what was a little too much");
    window(100, false);
    assertEquals(1.0 / (1 << step), window(100, false), 0.01);
  }
}
