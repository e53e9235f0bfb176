package io.sonde.exporters.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.Exemplar;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.LabelPair;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.Metric;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.MetricFamily;
import io.prometheus.metrics.expositionformats.generated.com_google_protobuf_4_35_0.Metrics.MetricType;
import io.prometheus.metrics.shaded.com_google_protobuf_4_35_0.Message;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The protobuf that is scraped, as the messages of Prometheus's own Java client read it. */
class ProtobufPageTest {
  private static final long BEGUN = 1_700_000_000_007L;

  private static final MetricSource SOURCE =
      to -> {
        to.instrument(new Instrument(Kind.HISTOGRAM, "took", "s", "How \"long\"."));
        to.histogram(
            Labels.of("http.route", "/\u00fc"),
            new Histogram(
                new double[] {0.5, 1},
                new long[] {4, 0, 1},
                3.5,
                new io.sonde.core.metrics.Exemplar[] {
                  new io.sonde.core.metrics.Exemplar(1, 2, 3, 0.25, 1_700_000_000_042L), null, null
                },
                Double.NaN,
                new Exponential(3, 0.25, 1, -9, new long[] {3, 0, 0, 1, 0, 0, 0, 1})));
        to.instrument(new Instrument(Kind.COUNTER, "lost", "{thing}", "").since(BEGUN - 1000));
        to.number(Labels.NONE, 7);
        to.instrument(new Instrument(Kind.GAUGE, "idle", "1", "Idle."));
        to.number(Labels.of("cpu", 1L), -0.5);
      };

  private static Map<String, MetricFamily> families(Histograms histograms) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Exposition(
            SOURCE, Labels.of("service.name", "shop"), "1", histograms, new Created(BEGUN, false))
        .write(Exposition.Format.PROTOBUF, out);
    Map<String, MetricFamily> families = new TreeMap<>();
    InputStream page = new ByteArrayInputStream(out.toByteArray());
    for (MetricFamily family = MetricFamily.parseDelimitedFrom(page);
        family != null;
        family = MetricFamily.parseDelimitedFrom(page)) {
      assertKnown(family);
      families.put(family.getName(), family);
    }
    return families;
  }

  /** It has no field that Prometheus does not know, at any depth. */
  private static void assertKnown(Message message) {
    assertTrue(message.getUnknownFields().asMap().isEmpty(), message::toString);
    for (Object value : message.getAllFields().values()) {
      for (Object each : value instanceof List<?> list ? list : List.of(value)) {
        if (each instanceof Message inner) {
          assertKnown(inner);
        }
      }
    }
  }

  @Test
  void families_haveTheirNamesTypesAndUnits() throws IOException {
    List<String> seen = new ArrayList<>();
    for (MetricFamily family : families(Histograms.BOTH).values()) {
      assertEquals(1, family.getMetricCount());
      seen.add(
          String.join(
              "|",
              family.getName(),
              family.getType().name(),
              family.getUnit(),
              family.getHelp(),
              labels(family.getMetric(0).getLabelList())));
    }
    String scope = "otel_scope_name=io.sonde,otel_scope_version=1";
    assertEquals(
        List.of(
            "idle_ratio|GAUGE|ratio|Idle.|" + scope + ",cpu=1",
            "lost_total|COUNTER|||" + scope,
            "target_info|GAUGE||The resource.|service_name=shop",
            "took_seconds|HISTOGRAM|seconds|How \"long\".|" + scope + ",http_route=/\u00fc"),
        seen);
  }

  @Test
  void numbers_haveTheirValues_andCountersTheirBeginning() throws IOException {
    Map<String, MetricFamily> families = families(Histograms.CLASSIC);
    Metric lost = metric(families, "lost_total");
    assertEquals(7, lost.getCounter().getValue());
    assertEquals((BEGUN - 1000) / 1000, lost.getCounter().getCreatedTimestamp().getSeconds());
    assertEquals(7_000_000, lost.getCounter().getCreatedTimestamp().getNanos());
    assertEquals(-0.5, metric(families, "idle_ratio").getGauge().getValue());
    assertEquals(1, metric(families, "target_info").getGauge().getValue());
  }

  @ParameterizedTest
  @EnumSource(Histograms.class)
  void histogram_hasTheBucketsThatAreWanted(Histograms wanted) throws IOException {
    MetricFamily family = families(wanted).get("took_seconds");
    assertEquals(MetricType.HISTOGRAM, family.getType());
    var histogram = family.getMetric(0).getHistogram();
    assertEquals(3.5, histogram.getSampleSum());
    assertEquals(wanted == Histograms.CLASSIC ? 5 : 6, histogram.getSampleCount());
    assertEquals(BEGUN / 1000, histogram.getCreatedTimestamp().getSeconds());
    if (wanted == Histograms.NATIVE) {
      assertEquals(0, histogram.getBucketCount());
      assertExemplar(histogram.getExemplars(0));
    } else {
      assertEquals(0.5, histogram.getBucket(0).getUpperBound());
      assertEquals(4, histogram.getBucket(0).getCumulativeCount());
      assertEquals(4, histogram.getBucket(1).getCumulativeCount());
      assertEquals(Double.POSITIVE_INFINITY, histogram.getBucket(2).getUpperBound());
      assertEquals(histogram.getSampleCount(), histogram.getBucket(2).getCumulativeCount());
      assertExemplar(histogram.getBucket(0).getExemplar());
    }
    if (wanted == Histograms.CLASSIC) {
      assertEquals(0, histogram.getPositiveSpanCount());
      return;
    }
    assertEquals(3, histogram.getSchema());
    assertEquals(0.25, histogram.getZeroThreshold());
    assertEquals(1, histogram.getZeroCount());
    Map<Integer, Long> counts = new TreeMap<>();
    int bucket = 0;
    int delta = 0;
    long count = 0;
    for (var span : histogram.getPositiveSpanList()) {
      bucket += span.getOffset();
      for (int i = 0; i < span.getLength(); i++) {
        count += histogram.getPositiveDelta(delta++);
        counts.put(bucket++, count);
      }
    }
    assertEquals(histogram.getPositiveDeltaCount(), delta);
    counts.values().removeIf(none -> none == 0);
    assertEquals(Map.of(-9, 3L, -6, 1L, -2, 1L), counts);
  }

  private static void assertExemplar(Exemplar exemplar) {
    assertEquals(
        "trace_id=00000000000000010000000000000002,span_id=0000000000000003",
        labels(exemplar.getLabelList()));
    assertEquals(0.25, exemplar.getValue());
    assertEquals(1_700_000_000, exemplar.getTimestamp().getSeconds());
    assertEquals(42_000_000, exemplar.getTimestamp().getNanos());
  }

  private static Metric metric(Map<String, MetricFamily> families, String name) {
    return families.get(name).getMetric(0);
  }

  private static String labels(List<LabelPair> labels) {
    List<String> pairs = new ArrayList<>();
    labels.forEach(label -> pairs.add(label.getName() + "=" + label.getValue()));
    return String.join(",", pairs);
  }
}
