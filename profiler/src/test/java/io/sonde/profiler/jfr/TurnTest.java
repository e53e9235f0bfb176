package io.sonde.profiler.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.profiler.FreshGovernor;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Plan;
import io.sonde.settings.Settings;
import org.junit.jupiter.api.Test;

/** For which part of a window events are recorded, and what each of them stands for. */
class TurnTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long WINDOW = 16 * SECOND;

  private final Governor governor =
      FreshGovernor.of(new Plan(new Settings(key -> null, name -> null), false, false));
  private final Turn turn = new Turn(governor, Governor.Kind.WAITS);

  @Test
  void notThinned_isNeverOver() {
    turn.begin(0);
    assertFalse(turn.isDue(WINDOW, WINDOW));
    assertTrue(turn.covers(WINDOW));
    assertEquals(1, turn.weight(WINDOW));
  }

  @Test
  void thinned_aPartOfTheWindow_standsForAllOfIt() {
    long part = WINDOW >> thin();
    turn.begin(0);
    assertFalse(turn.isDue(part - 1, WINDOW));
    assertTrue(turn.isDue(part, WINDOW));
    turn.end(part);
    assertFalse(turn.isDue(WINDOW, WINDOW));
    assertTrue(turn.covers(part));
    assertFalse(turn.covers(part + 1));
    assertEquals(WINDOW / part, turn.weight(WINDOW));
    turn.begin(WINDOW);
    assertTrue(turn.covers(2 * WINDOW));
  }

  @Test
  void weightsThatAreNoWholeNumbers_addUp() {
    thin();
    turn.begin(0);
    turn.end(3 * SECOND);
    double sum = 0;
    for (int i = 0; i < 300; i++) {
      sum += turn.weight(10 * SECOND);
    }
    assertEquals(1000, sum, 1);
  }

  /** Until the governor has halved once at least; how often. */
  private int thin() {
    for (int i = 0; i < 10 && governor.step(Governor.Kind.WAITS) == 0; i++) {
      for (int j = 0; j < 10_000; j++) {
        governor.count(Governor.Kind.WAITS, 60);
      }
      governor.window(SECOND, 0);
    }
    int step = governor.step(Governor.Kind.WAITS);
    assertTrue(step > 0);
    return step;
  }
}
