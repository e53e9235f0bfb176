package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** When samples are thinned, and when they come back. */
class GovernorTest {
  private static final long SECOND = 1_000_000_000L;

  /** 1 % of the time and of the CPU time of windows of 10 s on an idle machine. */
  private static final long ALLOWED = SECOND / 10;

  private static final long SAMPLES = 1000;

  private final Used used = new Used();
  private final Governor governor = new Governor(1, false, used, new Expense());

  /** What the test says that the profiler's threads have used. */
  private static final class Used extends OwnWork {
    private long nanos;

    @Override
    void look() {}

    @Override
    long nanos() {
      return nanos;
    }

    @Override
    long bytes() {
      return 0;
    }
  }

  /** A window whose samples cost that share of what is allowed. */
  private boolean window(double share) {
    governor.count(Governor.Kind.CPU, SAMPLES);
    used.nanos += (long) (share * ALLOWED) - SAMPLES * governor.nanos(Governor.Kind.CPU);
    return governor.window(10 * SECOND, 0);
  }

  private int step() {
    return governor.step(Governor.Kind.CPU);
  }

  private void warm() {
    assertFalse(window(9));
    assertFalse(window(9));
  }

  @Test
  void theFirstWindows_areNotJudged() {
    warm();
    assertEquals(0, step());
  }

  @Test
  void over_thinned_settles_andComesBack() {
    warm();
    assertTrue(window(3));
    assertEquals(1, step());
    for (int i = 0; i < 5; i++) {
      assertFalse(window(0.8));
    }
    assertEquals(1, step());
    int windows = 0;
    while (!window(0.2)) {
      assertTrue(++windows < 5);
    }
    assertEquals(0, step());
    assertFalse(window(0.2));
  }

  @Test
  void aSingleDearWindow_changesNothing() {
    warm();
    assertFalse(window(0.5));
    assertFalse(window(1.7));
    assertFalse(window(0.5));
    assertEquals(0, step());
  }

  @Test
  void actsAtOnce_theNextWindowIsJudged() {
    warm();
    assertTrue(window(9));
    int first = step();
    assertTrue(window(9));
    assertTrue(step() > first);
  }

  @Test
  void actsLate_theWindowThatHadBegunIsNotJudged() {
    warm();
    assertTrue(window(9));
    int first = step();
    governor.actsLate();
    assertFalse(window(9), "still without the step");
    assertEquals(first, step());
    assertFalse(window(0.9));
    assertEquals(first, step());
    governor.actsLate();
    assertFalse(window(0));
    assertTrue(window(9));
    assertTrue(step() > first);
  }
}
