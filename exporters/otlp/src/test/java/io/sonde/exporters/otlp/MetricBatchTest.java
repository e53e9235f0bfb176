package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricBatchTest {
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
                  new Exemplar[] {exemplar, null}));
          reader.instrument(new Instrument(Kind.COUNTER, "lost", "{span}", ""));
          reader.number(Labels.of("why", "full"), calls * 10);
          reader.instrument(new Instrument(Kind.UP_DOWN_COUNTER, "queue", "{span}", ""));
          reader.number(Labels.NONE, calls);
        }
      };

  private static MetricBatch batch(Temporality temporality) {
    return new MetricBatch(temporality, Map.of("service.name", "shop"), "1");
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
    long begin = histogram(batch.read(source)).getStartEpochNanos();
    batch.arrived();
    calls = 5;
    List<MetricData> metrics = batch.read(source);
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
    batch.read(source);
    batch.arrived();
    calls = 5;
    assertEquals(List.of(2L, 0L), histogram(batch.read(source)).getCounts());
    calls = 6;
    List<MetricData> metrics = batch.read(source);
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

  @Test
  void lowMemory_isDeltaForHistogramsAlone() {
    MetricBatch batch = batch(Temporality.LOWMEMORY);
    batch.read(source);
    batch.arrived();
    calls = 5;
    List<MetricData> metrics = batch.read(source);
    assertEquals(List.of(2L, 0L), histogram(metrics).getCounts());
    assertEquals(50, number(metrics.get(1)).getValue());
  }

  @Test
  void names_areThoseOfTheSetting() {
    assertEquals(Temporality.LOWMEMORY, Temporality.of("LowMemory"));
    assertEquals(null, Temporality.of("sometimes"));
  }
}
