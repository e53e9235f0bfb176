package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.profiler.Governor.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When samples are thinned, and when they come back. */
class GovernorTest {
  private static final long SECOND = 1_000_000_000L;

  /** The process's in each window of 10 s, enough for its samples. */
  private static final long CPU = 5 * SECOND;

  /** 1 % of the time and of the CPU time. */
  private static final long ALLOWED = (10 * SECOND + CPU) / 100;

  private static final int SAMPLES = 110;

  private final Used used = new Used();
  private final Governor governor = new Governor(1, false, used, new Expense(), "cpu", 0);

  /** What the test says that the profiler's threads have used. */
  private static final class Used extends OwnWork {
    private long nanos;
    private long changes;
    private long readings;

    @Override
    long changes() {
      return changes;
    }

    @Override
    long readings() {
      return readings;
    }

    @Override
    long readingNanos() {
      return 400;
    }

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
    return window(governor, share);
  }

  private boolean window(Governor governor, double share) {
    for (int i = 0; i < SAMPLES; i++) {
      governor.count(Kind.CPU, 60);
    }
    used.nanos += (long) (share * ALLOWED) - SAMPLES * governor.nanos(Kind.CPU, 60);
    return governor.window(10 * SECOND, CPU);
  }

  private int step() {
    return governor.step(Kind.CPU);
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

  /** Some 12 times what is allowed, of kinds that share it as in a server that has just begun. */
  @Test
  void farOver_allThatIsDearIsThinnedAtOnce_andNoFurther() {
    Governor governor = new Governor(1, false, new Used(), new Expense(), "cpu", 0);
    long allowed = 20 * SECOND / 100;
    long taken = Long.MAX_VALUE;
    int windows = 0;
    for (int within = 0; within < 3; windows++) {
      assertTrue(windows < 20);
      taken = 0;
      for (Kind kind : new Kind[] {Kind.CPU, Kind.ALLOCATIONS, Kind.WAITS}) {
        int samples = 20_000 >> governor.step(kind);
        governor.count(kind, samples, 60);
        taken += samples * governor.nanos(kind, 60);
      }
      governor.window(10 * SECOND, 20 * SECOND);
      within = taken <= allowed ? within + 1 : 0;
    }
    assertTrue(windows <= 9, windows + " windows");
    assertTrue(taken > allowed / 4, taken + " of " + allowed);
  }

  /** What is over is the profiler's own part: the application's has no room for less. */
  @Test
  void ownThreadsFarOver_theApplicationsReadingsStay() {
    Governor governor = new Governor(1, false, used, new Expense(), "cpu", 0);
    for (int i = 0; i < 6; i++) {
      used.nanos += 15 * ALLOWED; // whatever is sampled
      used.readings += 20_000; // 24 ms of 50
      governor.count(Kind.ALLOCATIONS, 600 >> governor.step(Kind.ALLOCATIONS), 60);
      governor.window(10 * SECOND, CPU);
    }
    assertTrue(governor.step(Kind.ALLOCATIONS) > 0);
    assertEquals(0, governor.step(Kind.READINGS));
  }

  @Test
  void aWindowLikeNoOther_takesTwoStepsOfEachAtTheMost_andWhatComesNextIsJudgedByItself() {
    Governor governor = new Governor(1, false, new Used(), new Expense(), "cpu", 0);
    for (int i = 0; i < 4; i++) {
      many(governor, 100);
    }
    many(governor, 50_000);
    assertEquals(2, governor.step(Kind.ALLOCATIONS));
    assertEquals(2, governor.step(Kind.WAITS));
    for (int i = 0; i < 40; i++) {
      many(governor, 100);
    }
    assertEquals(0, governor.step(Kind.ALLOCATIONS));
    assertEquals(0, governor.step(Kind.WAITS));
  }

  /** As where somebody pulls profiles again and again: the end of a window costs what it costs. */
  @Test
  void windowsThatEndEarly_areJudgedTogether() {
    Governor governor = new Governor(1, false, used, new Expense(), "cpu", 8 * SECOND);
    for (int i = 0; i < 20; i++) {
      assertFalse(early(governor, ALLOWED / 10)); // 1 % of its time and of its CPU time are 7.5 ms
      assertFalse(late(governor, ALLOWED / 10));
    }
    assertEquals(0, step(governor));
    for (int i = 0; i < 20; i++) {
      early(governor, ALLOWED / 10);
      late(governor, 2 * ALLOWED);
    }
    assertTrue(step(governor) > 0);
    int before = step(governor);
    for (int i = 0; i < 100; i++) {
      early(governor, 0);
    }
    assertTrue(step(governor) < before, "a window that ends late never comes");
  }

  private boolean early(Governor governor, long own) {
    used.nanos += own;
    governor.count(Kind.CPU, 10, 60);
    return governor.window(SECOND / 2, CPU / 20);
  }

  private boolean late(Governor governor, long own) {
    used.nanos += own;
    governor.count(Kind.CPU, 400, 60);
    return governor.window(19 * SECOND / 2, CPU / 20 * 19);
  }

  private static int step(Governor governor) {
    return governor.step(Kind.CPU);
  }

  private static void many(Governor governor, int samples) {
    governor.count(Kind.ALLOCATIONS, samples >> governor.step(Kind.ALLOCATIONS), 60);
    governor.count(Kind.WAITS, samples >> governor.step(Kind.WAITS), 60);
    governor.window(10 * SECOND, CPU);
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
    governor.excuse();
    assertFalse(window(9), "still without the step");
    assertEquals(first, step());
    assertFalse(window(0.9));
    assertEquals(first, step());
    governor.excuse();
    assertFalse(window(0));
    assertTrue(window(9));
    assertTrue(step() > first);
  }

  @Test
  void samplesThatTakeTooMuchOfTheApplication_areThinned_theDearestFirst() {
    Governor governor = new Governor(1, false, new Used(), new Expense(), "cpu", 0);
    // 39 ms of them; 1 % of its CPU time is 40 ms at first, and then less.
    samples(governor, 4 * SECOND);
    assertEquals(0, governor.step(Kind.ALLOCATIONS));
    samples(governor, SECOND * 3 / 2);
    assertTrue(governor.step(Kind.ALLOCATIONS) > 0);
    assertEquals(0, governor.step(Kind.WAITS));
  }

  /** Windows with deep stacks of allocations and flat ones of waits. */
  private static void samples(Governor governor, long processCpu) {
    for (int i = 0; i < 4; i++) {
      governor.count(Kind.ALLOCATIONS, 1000 >> governor.step(Kind.ALLOCATIONS), 60);
      governor.count(Kind.WAITS, 1000 >> governor.step(Kind.WAITS), 10);
      governor.window(10 * SECOND, processCpu);
    }
  }

  /** Of 10 ms that the application's threads may take. */
  @Test
  void readingsThatTakeMost_areThinned_changesAlikeAreNot() {
    Governor governor = new Governor(1, false, used, new Expense(), "cpu", 0);
    for (int i = 0; i < 5; i++) {
      used.readings += 4_000; // 5 ms
      used.changes += 20_000; // 3 ms
      governor.window(10 * SECOND, SECOND);
    }
    assertEquals(0, governor.step(Kind.READINGS));
    for (int i = 0; i < 5; i++) {
      used.readings += 4_000;
      used.changes += 100_000; // 15 ms, which have to be
      governor.window(10 * SECOND, SECOND);
    }
    assertEquals(5, governor.step(Kind.READINGS));
  }

  /** Of 10 ms that the application's threads may take. */
  @Test
  void threadsThatStart_leaveReadingsLess() {
    Governor governor = new Governor(1, false, used, new Expense(), "cpu", 0);
    for (int i = 0; i < 5; i++) {
      used.readings += 4_000; // 5 ms
      for (int j = 0; j < 2_800; j++) {
        governor.started(); // 7 ms
      }
      governor.window(10 * SECOND, SECOND);
    }
    assertTrue(governor.step(Kind.READINGS) > 0);
  }

  /** There are fewer of them than of allocations. */
  @Test
  void waitsThatNoProfileHas_areThinnedFirst() {
    Governor governor = new Governor(1, false, new Used(), new Expense(), "cpu", 0);
    for (int i = 0; i < 8; i++) {
      governor.count(Kind.ALLOCATIONS, 1000, 60);
      for (int j = 0; j < 500 >> governor.step(Kind.WAITS); j++) {
        governor.count(Kind.WAITS, 60);
        governor.inVain(Kind.WAITS, 60);
      }
      governor.window(10 * SECOND, 4 * SECOND); // 48 ms, of 40
    }
    assertTrue(governor.step(Kind.WAITS) > 0);
    assertEquals(0, governor.step(Kind.ALLOCATIONS));
  }

  @Test
  void nothingLeftToThin_saysSoOnce() {
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      window(3);
      governor.tell(said::add);
    }
    assertEquals(1, said.size());
    assertTrue(
        said.get(0)
            .startsWith(
                "profiling takes more than SONDE_PROFILER_BUDGET allows, and no more samples are"
                    + " left out for it: 4.5"),
        said.get(0));
    assertEquals(Kind.CPU.most, step());
  }

  @Test
  void anEngineThatIsStartedAgain_goesOnWhereItWas_andAnotherOneDoesNot() {
    Expense expense = new Expense();
    Governor first = new Governor(1, false, used, expense, "cpu", 0);
    for (int i = 0; i < 6; i++) {
      window(first, 3);
    }
    int reached = first.step(Kind.CPU);
    assertTrue(reached > 0);

    assertEquals(reached, new Governor(1, false, used, expense, "cpu", 0).step(Kind.CPU));
    assertEquals(0, new Governor(1, true, used, expense, "cpu", 0).step(Kind.CPU));
    assertEquals(0, new Governor(1, false, used, expense, "lock", 0).step(Kind.CPU));
    assertEquals(reached, new Governor(1, false, used, expense, "cpu", 0).step(Kind.CPU));
  }

  @Test
  void anEngineThatIsStartedAgain_keepsWhatHolds_andIsJudgedFromItsSecondWindow() {
    Expense expense = new Expense();
    Governor first = new Governor(1, false, used, expense, "cpu", 0);
    for (int i = 0; i < 4; i++) {
      window(first, 3);
    }
    window(first, 0.8);
    window(first, 0.8);
    int reached = first.step(Kind.CPU);
    assertTrue(reached > 1 && reached < Kind.CPU.most, "after " + reached);

    Governor again = new Governor(1, false, used, expense, "cpu", 0);
    window(again, 9); // it was started in it
    for (int i = 0; i < 5; i++) {
      window(again, 0.5);
      assertEquals(reached, again.step(Kind.CPU));
    }

    Governor cheap = new Governor(1, false, used, expense, "cpu", 0);
    for (int i = 0; i < 3; i++) {
      window(cheap, 0.2);
    }
    assertEquals(reached - 1, cheap.step(Kind.CPU));

    Governor dear = new Governor(1, false, used, expense, "cpu", 0);
    window(dear, 0.5);
    window(dear, 2);
    assertEquals(reached, dear.step(Kind.CPU));

    Governor other = new Governor(1, true, used, expense, "cpu", 0);
    window(other, 9);
    window(other, 9);
    assertEquals(0, other.step(Kind.CPU), "cold");
  }

  @Test
  void aWindowThatIsCutShort_isNotJudged() {
    warm();
    governor.excuse();
    assertFalse(window(9));
    assertEquals(0, step());
    assertTrue(window(9));
  }
}
