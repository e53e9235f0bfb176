package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.profiler.pprof.SeriesLabels;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many values a caller may bring. */
class BaggageLabelsTest {
  private long now;

  @Test
  void moreValuesThanMayBe_areOthers_untilAnHourIsOver() {
    BaggageLabels labels = new BaggageLabels(List.of("k6.test_run_id"), () -> now);
    for (int run = 1; run <= 50; run++) {
      assertEquals(SeriesLabels.label("k6_test_run_id", "r" + run), labels.of(run(run)));
    }
    assertEquals(SeriesLabels.label("k6_test_run_id", "[other]"), labels.of(run(51)));
    now = TimeUnit.MINUTES.toNanos(59);
    assertEquals(SeriesLabels.label("k6_test_run_id", "[other]"), labels.of(run(51)));
    now = TimeUnit.MINUTES.toNanos(61);
    assertEquals(SeriesLabels.label("k6_test_run_id", "r51"), labels.of(run(51)));
  }

  private static String run(int number) {
    return "k6.test_run_id=r" + number;
  }

  @Test
  void twoKeysOfOneName_areOneLabel() {
    BaggageLabels labels = new BaggageLabels(List.of("a.b", "a_b"));
    assertEquals(SeriesLabels.label("a_b", "1"), labels.of("a.b=1,a_b=2"));
    assertTrue(labels.of("a_b=2").isEmpty());
  }
}
