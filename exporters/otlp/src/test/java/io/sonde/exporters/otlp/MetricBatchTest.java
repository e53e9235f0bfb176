package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricBatchTest {
  private static final long STARTED = System.currentTimeMillis();

  private long calls = 3;

  private final MetricSource source =
      new MetricSource() {
        @Override
        public void read(MetricReader reader) {
          reader.instrument(new Instrument(Kind.HISTOGRAM, "request", "s", "How long."));
          Exemplar exemplar = new Exemplar(1, 2, 3, 0.2, System.currentTimeMillis() + 1000);
          reader.histogram(
              Labels.of("route", "/a", "status", 200L, "ok", true),
              new Histogram(
                  new double[] {0.5},
                  new long[] {calls, 1},
                  calls * 0.1 + 2,
                  new Exemplar[] {exemplar, null},
                  Double.NaN,
                  new Exponential(3, 1e-6, 1, -9, new long[] {calls - 2, 0, 2})));
          reader.instrument(new Instrument(Kind.COUNTER, "lost", "{span}", ""));
          reader.number(Labels.of("why", "full"), calls * 10);
          reader.instrument(new Instrument(Kind.UP_DOWN_COUNTER, "queue", "{span}", ""));
          reader.number(Labels.NONE, calls);
        }
      };

  private static MetricBatch batch(Temporality temporality) {
    return new MetricBatch(temporality, false, STARTED, Map.of("service.name", "shop"), "1");
  }

  @ParameterizedTest
  @EnumSource(Temporality.class)
  void exponential_countsInBucketsThatBeginWhereOtlpSaysSo(Temporality temporality) {
    MetricBatch batch = new MetricBatch(temporality, true, STARTED, Map.of(), "1");
    read(batch);
    arrived(batch);
    calls = 5;
    ExponentialHistogramPointData point =
        read(batch).get(0).getExponentialHistogramData().getPoints().iterator().next();
    boolean delta = temporality != Temporality.CUMULATIVE;
    assertEquals(3, point.getScale());
    assertEquals(delta ? 0 : 1, point.getZeroCount());
    assertEquals(-10, point.getPositiveBuckets().getOffset());
    assertEquals(
        delta ? List.of(2L, 0L, 0L) : List.of(3L, 0L, 2L),
        point.getPositiveBuckets().getBucketCounts());
    assertEquals(delta ? 2 : 6, point.getCount());
    assertEquals(1, point.getExemplars().size());
  }

  private List<MetricBatch.Part> parts = List.of();

  private List<MetricData> read(MetricBatch batch) {
    parts = batch.read(source);
    assertEquals(1, parts.size());
    return parts.get(0).metrics;
  }

  private void arrived(MetricBatch batch) {
    parts.forEach(batch::arrived);
  }

  private static HistogramPointData histogram(List<MetricData> metrics) {
    return metrics.get(0).getHistogramData().getPoints().iterator().next();
  }

  private static LongPointData number(MetricData metric) {
    return metric.getLongSumData().getPoints().iterator().next();
  }

  @Test
  void cumulative_countsFromTheStart() {
    MetricBatch batch = batch(Temporality.CUMULATIVE);
    long begin = histogram(read(batch)).getStartEpochNanos();
    arrived(batch);
    calls = 5;
    List<MetricData> metrics = read(batch);
    assertEquals(3, metrics.size());
    HistogramPointData point = histogram(metrics);
    assertEquals(List.of(5L, 1L), point.getCounts());
    assertEquals(List.of(0.5), point.getBoundaries());
    assertEquals(2.5, point.getSum(), 1e-9);
    assertEquals(begin, point.getStartEpochNanos());
    assertEquals("{ok=true, route=\"/a\", status=200}", point.getAttributes().toString());
    assertEquals(
        "00000000000000010000000000000002",
        point.getExemplars().get(0).getSpanContext().getTraceId());
    assertEquals("0000000000000003", point.getExemplars().get(0).getSpanContext().getSpanId());
    assertEquals(
        "shop", metrics.get(0).getResource().getAttributes().asMap().values().iterator().next());
    assertEquals(50, number(metrics.get(1)).getValue());
    assertEquals(true, metrics.get(1).getLongSumData().isMonotonic());
    assertEquals(false, metrics.get(2).getLongSumData().isMonotonic());
  }

  /** What did not arrive is in the next one, so that nothing is lost. */
  @Test
  void delta_countsFromTheLastThatArrived() {
    MetricBatch batch = batch(Temporality.DELTA);
    read(batch);
    arrived(batch);
    calls = 5;
    assertEquals(List.of(2L, 0L), histogram(read(batch)).getCounts());
    calls = 6;
    List<MetricData> metrics = read(batch);
    assertEquals(List.of(3L, 0L), histogram(metrics).getCounts());
    assertEquals(0.3, histogram(metrics).getSum(), 1e-9);
    assertEquals(30, number(metrics.get(1)).getValue());
    assertEquals(
        AggregationTemporality.DELTA, metrics.get(1).getLongSumData().getAggregationTemporality());
    assertEquals(6, number(metrics.get(2)).getValue());
    assertEquals(
        AggregationTemporality.CUMULATIVE,
        metrics.get(2).getLongSumData().getAggregationTemporality());
  }

  /** An agent that is attached comes late. */
  @ParameterizedTest
  @EnumSource(Temporality.class)
  void whatWasCountedBefore_beginsWhereThatBegan(Temporality temporality) {
    MetricSource before =
        reader -> {
          reader.instrument(
              new Instrument(Kind.COUNTER, "seconds", "s", "").since(1_600_000_000_000L));
          reader.number(Labels.NONE, 5);
          reader.instrument(new Instrument(Kind.COUNTER, "calls", "s", ""));
          reader.number(Labels.NONE, 5);
        };
    MetricBatch batch = batch(temporality);
    List<MetricBatch.Part> first = batch.read(before);
    long jvm = 1_600_000_000_000L * 1_000_000;
    assertEquals(jvm, number(first.get(0).metrics.get(0)).getStartEpochNanos());
    assertEquals(STARTED * 1_000_000, number(first.get(0).metrics.get(1)).getStartEpochNanos());
    first.forEach(batch::arrived);
    long next = number(batch.read(before).get(0).metrics.get(0)).getStartEpochNanos();
    assertEquals(temporality != Temporality.DELTA, next == jvm);
  }

  /** As after a pool or a bean was made anew. */
  @Test
  void delta_ofWhatFell_isAllOfIt() {
    MetricBatch batch = batch(Temporality.DELTA);
    calls = 7;
    read(batch);
    arrived(batch);
    calls = 4;
    List<MetricData> metrics = read(batch);
    assertEquals(List.of(4L, 1L), histogram(metrics).getCounts());
    assertEquals(40, number(metrics.get(1)).getValue());
  }

  /** Labels that come and go would fill the memory; one that comes back is counted anew. */
  @Test
  void delta_ofWhatWasGone_isAllOfIt() {
    long[] shown = {0};
    MetricSource churning =
        reader -> {
          reader.instrument(new Instrument(Kind.COUNTER, "calls", "{call}", ""));
          reader.number(Labels.of("n", shown[0]), 5);
        };
    MetricBatch batch = batch(Temporality.DELTA);
    for (long label : new long[] {1, 2, 1}) {
      shown[0] = label;
      List<MetricBatch.Part> read = batch.read(churning);
      assertEquals(5, number(read.get(0).metrics.get(0)).getValue());
      read.forEach(batch::arrived);
    }
  }

  /** A request is bounded, and the part that arrived is not sent again where another did not. */
  @Test
  void manySeries_areSeveralRequests() {
    int series = 3 * MetricBatch.MAX_POINTS - 1;
    MetricSource many =
        reader -> {
          reader.instrument(new Instrument(Kind.COUNTER, "calls", "{call}", ""));
          for (int i = 0; i < series; i++) {
            reader.number(Labels.of("n", (long) i), calls);
          }
          reader.instrument(new Instrument(Kind.UP_DOWN_COUNTER, "queue", "{span}", ""));
          reader.number(Labels.NONE, 1);
          reader.number(Labels.of("n", 1L), 1);
        };
    MetricBatch batch = batch(Temporality.DELTA);
    List<MetricBatch.Part> first = batch.read(many);
    assertEquals(List.of(500, 500, 500, 1), sizes(first));
    assertEquals("queue", first.get(3).metrics.get(0).getName());
    batch.arrived(first.get(0));
    calls = 5;
    List<MetricBatch.Part> second = batch.read(many);
    assertEquals(2, number(second.get(0).metrics.get(0)).getValue());
    assertEquals(5, number(second.get(1).metrics.get(0)).getValue());
  }

  private static List<Integer> sizes(List<MetricBatch.Part> parts) {
    return parts.stream()
        .map(p -> p.metrics.stream().mapToInt(m -> m.getData().getPoints().size()).sum())
        .toList();
  }

  @Test
  void lowMemory_isDeltaForWhatIsCountedHere() {
    MetricBatch batch = batch(Temporality.LOWMEMORY);
    read(batch);
    arrived(batch);
    calls = 5;
    List<MetricData> metrics = read(batch);
    assertEquals(List.of(2L, 0L), histogram(metrics).getCounts());
    assertEquals(20, number(metrics.get(1)).getValue());
  }

  @Test
  void names_areThoseOfTheSetting() {
    assertEquals(Temporality.LOWMEMORY, Temporality.of("LowMemory"));
    assertEquals(null, Temporality.of("sometimes"));
  }
}
