package io.sonde.exporters.prometheus.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricSource;
import io.sonde.exporters.prometheus.Histograms;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many readings wait, and which times they have. */
final class SnapshotTest {
  private static final int CAPACITY = 100_000;
  private static final long NOW = 1_700_000_000_000L;

  private final Target target = new Target(Map.of("service.name", "shop"), Map.of());
  private final Backlog backlog = new Backlog(CAPACITY);
  private int reading;
  private Snapshot last;

  /** Reads ten series that have made their labels anew, so often. */
  private void read(int times, boolean churning) {
    MetricSource source =
        reader -> {
          reader.instrument(new Instrument(Kind.GAUGE, "beans", "", "d".repeat(1000)));
          for (int i = 0; i < 10; i++) {
            String value = (churning ? reading : 0) + "x".repeat(1000) + i;
            reader.number(Labels.of("bean", value), reading);
          }
        };
    for (; times > 0; times--) {
      reading++;
      last = Snapshot.read(source, target, Histograms.CLASSIC, last);
      backlog.add(last);
    }
  }

  /**
   * Ten texts of two kilobytes a reading, which the ends of series in the next one hold as well.
   */
  @Test
  void changingLabels_countAsWhatTheyTake() {
    read(50, true);
    assertTrue(backlog.waiting() <= CAPACITY / 20_000 * 21, backlog.waiting() + " wait");
    assertTrue(backlog.waiting() >= 3 * 21, backlog.waiting() + " wait");
  }

  @Test
  void equalLabels_areHeldOnce() {
    read(40, false);
    assertEquals(40 * 11, backlog.waiting());
    read(200, false);
    assertTrue(backlog.waiting() < 150 * 11, backlog.waiting() + " wait");
  }

  @Test
  void clockThatStepsBack_isFollowed_whereItStaysBack() {
    MetricSource none = reader -> {};
    Snapshot first = Snapshot.read(none, target, Histograms.CLASSIC, null, NOW);
    Snapshot little = Snapshot.read(none, target, Histograms.CLASSIC, first, NOW - 1000);
    assertEquals(NOW + 1, little.time);
    Snapshot far = Snapshot.read(none, target, Histograms.CLASSIC, little, NOW - 3_600_000);
    assertEquals(NOW - 3_600_000, far.time);
    assertEquals(0, far.exemplarsFrom);
  }
}
