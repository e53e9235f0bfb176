package io.sonde.exporters.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoubleExemplarData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoublePointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableExponentialHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableHistogramPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableLongPointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableSumData;
import io.opentelemetry.sdk.resources.Resource;
import io.sonde.core.Hex;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** The points of one instrument, as OpenTelemetry's exporter takes them. */
final class MetricPoints {
  private final Resource resource;
  private final InstrumentationScopeInfo scope;
  private List<LongPointData> longs = new ArrayList<>();
  private List<DoublePointData> doubles = new ArrayList<>();
  private List<HistogramPointData> histograms = new ArrayList<>();
  private List<ExponentialHistogramPointData> exponentials = new ArrayList<>();

  MetricPoints(Map<String, Object> resource, String version) {
    AttributesBuilder attributes = Attributes.builder();
    resource.forEach((key, value) -> put(attributes, key, value));
    this.resource = Resource.create(attributes.build());
    scope = InstrumentationScopeInfo.builder("io.sonde").setVersion(version).build();
  }

  void number(Labels labels, long value, long begin, long time) {
    longs.add(ImmutableLongPointData.create(begin, time, attributes(labels), value));
  }

  void number(Labels labels, double value, long begin, long time) {
    doubles.add(ImmutableDoublePointData.create(begin, time, attributes(labels), value));
  }

  /** Classic buckets, where there is anything in them. */
  void histogram(
      Labels labels,
      double[] ends,
      long[] counts,
      double sum,
      List<DoubleExemplarData> exemplars,
      long begin,
      long time) {
    List<Double> bounds = new ArrayList<>(ends.length);
    for (double bound : ends) {
      bounds.add(bound);
    }
    List<Long> buckets = new ArrayList<>(counts.length);
    long count = 0;
    for (long bucket : counts) {
      buckets.add(bucket);
      count += bucket;
    }
    if (count > 0) {
      histograms.add(
          ImmutableHistogramPointData.create(
              begin,
              time,
              attributes(labels),
              sum,
              false,
              0,
              false,
              0,
              bounds,
              buckets,
              exemplars));
    }
  }

  /** Exponential buckets, where there is anything in them. */
  void exponential(
      Labels labels,
      Exponential counted,
      double sum,
      List<DoubleExemplarData> exemplars,
      long begin,
      long time) {
    if (counted.count() == 0) {
      return;
    }
    List<Long> counts = new ArrayList<>(counted.counts.length);
    for (long bucket : counted.counts) {
      counts.add(bucket);
    }
    int scale = counted.schema;
    exponentials.add(
        ImmutableExponentialHistogramPointData.create(
            scale,
            sum,
            counted.zeroCount,
            false,
            0,
            false,
            0,
            // OTLP numbers a bucket by where it begins.
            ExponentialHistogramBuckets.create(scale, counted.first - 1, counts),
            ExponentialHistogramBuckets.create(scale, 0, Collections.emptyList()),
            begin,
            time,
            attributes(labels),
            exemplars));
  }

  /** The exemplars of calls from then on, in nanoseconds since 1970. */
  static List<DoubleExemplarData> exemplars(Histogram histogram, long from) {
    List<DoubleExemplarData> exemplars = new ArrayList<>();
    for (Exemplar exemplar : histogram.exemplars) {
      if (exemplar != null && exemplar.epochMillis * 1_000_000 >= from) {
        exemplars.add(
            ImmutableDoubleExemplarData.create(
                Attributes.empty(),
                exemplar.epochMillis * 1_000_000,
                SpanContext.create(
                    Hex.of(exemplar.traceHi) + Hex.of(exemplar.traceLo),
                    Hex.of(exemplar.spanId),
                    TraceFlags.getSampled(),
                    TraceState.getDefault()),
                exemplar.value));
      }
    }
    return exemplars;
  }

  /** Adds what there is to {@code metrics}, as {@code of}, and begins anew. */
  void into(List<MetricData> metrics, Instrument of, AggregationTemporality how) {
    String name = of.name;
    String help = of.description;
    boolean gauge = of.kind == Kind.GAUGE;
    boolean monotonic = of.kind == Kind.COUNTER;
    if (!histograms.isEmpty()) {
      metrics.add(
          ImmutableMetricData.createDoubleHistogram(
              resource,
              scope,
              name,
              help,
              of.unit,
              ImmutableHistogramData.create(how, histograms)));
      histograms = new ArrayList<>();
    }
    if (!exponentials.isEmpty()) {
      metrics.add(
          ImmutableMetricData.createExponentialHistogram(
              resource,
              scope,
              name,
              help,
              of.unit,
              ImmutableExponentialHistogramData.create(how, exponentials)));
      exponentials = new ArrayList<>();
    }
    if (!longs.isEmpty()) {
      metrics.add(
          gauge
              ? ImmutableMetricData.createLongGauge(
                  resource, scope, name, help, of.unit, ImmutableGaugeData.create(longs))
              : ImmutableMetricData.createLongSum(
                  resource,
                  scope,
                  name,
                  help,
                  of.unit,
                  ImmutableSumData.create(monotonic, how, longs)));
      longs = new ArrayList<>();
    }
    if (!doubles.isEmpty()) {
      metrics.add(
          gauge
              ? ImmutableMetricData.createDoubleGauge(
                  resource, scope, name, help, of.unit, ImmutableGaugeData.create(doubles))
              : ImmutableMetricData.createDoubleSum(
                  resource,
                  scope,
                  name,
                  help,
                  of.unit,
                  ImmutableSumData.create(monotonic, how, doubles)));
      doubles = new ArrayList<>();
    }
  }

  private static Attributes attributes(Labels labels) {
    AttributesBuilder builder = Attributes.builder();
    for (int i = 0; i < labels.size(); i++) {
      put(builder, labels.key(i), labels.value(i));
    }
    return builder.build();
  }

  private static void put(AttributesBuilder to, String key, Object value) {
    if (value instanceof Long) {
      to.put(key, (Long) value);
    } else if (value instanceof Double) {
      to.put(key, (Double) value);
    } else if (value instanceof Boolean) {
      to.put(key, (Boolean) value);
    } else if (value instanceof String[]) {
      to.put(key, (String[]) value);
    } else {
      to.put(key, String.valueOf(value));
    }
  }
}
