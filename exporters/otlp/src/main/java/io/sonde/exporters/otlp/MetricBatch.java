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
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All metrics of one export, as OpenTelemetry's exporter takes them, in requests of bounded size.
 */
final class MetricBatch implements MetricReader {
  /** With the exemplars of all its buckets a histogram has about a kilobyte. */
  static final int MAX_POINTS = 500;

  private final Temporality temporality;
  private final Resource resource;
  private final InstrumentationScopeInfo scope;
  private final long started;
  private final boolean exponential;

  private List<Part> parts = new ArrayList<>();
  private Part part = new Part();
  private long from;
  private long time;

  // What was read when it arrived last.
  private final Map<List<Object>, Object> before = new HashMap<>();

  private @Nullable Instrument instrument;
  private List<LongPointData> longs = new ArrayList<>();
  private List<DoublePointData> doubles = new ArrayList<>();
  private List<HistogramPointData> histograms = new ArrayList<>();
  private List<ExponentialHistogramPointData> exponentials = new ArrayList<>();

  /**
   * Has nothing yet.
   *
   * @param exponential whether histograms have exponential buckets, where they are counted
   * @param startedMillis since when everything is counted, in milliseconds since 1970
   */
  MetricBatch(
      Temporality temporality,
      boolean exponential,
      long startedMillis,
      Map<String, Object> resource,
      String version) {
    this.temporality = temporality;
    this.exponential = exponential;
    started = from = startedMillis * 1_000_000;
    AttributesBuilder attributes = Attributes.builder();
    resource.forEach((key, value) -> put(attributes, key, value));
    this.resource = Resource.create(attributes.build());
    scope = InstrumentationScopeInfo.builder("io.sonde").setVersion(version).build();
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000_000;
  }

  /** What goes in one request. */
  static final class Part {
    final List<MetricData> metrics = new ArrayList<>();
    private final Map<List<Object>, Object> read = new HashMap<>();
    private int points;

    /** How many points are in it. */
    int points() {
      return points;
    }
  }

  /** Reads all of them; those of the last time that did not arrive are in it. */
  List<Part> read(MetricSource source) {
    parts = new ArrayList<>();
    begin();
    time = now();
    source.read(this);
    finish();
    return parts;
  }

  private void begin() {
    part = new Part();
    parts.add(part);
  }

  /** The receiver took this part of what was read last; the last part is the last to arrive. */
  void arrived(Part taken) {
    before.putAll(taken.read);
    if (taken == part) {
      from = time;
      Set<List<Object>> there = new HashSet<>();
      for (Part each : parts) {
        there.addAll(each.read.keySet());
      }
      // Labels come and go; of those that are gone nothing is kept.
      before.keySet().retainAll(there);
    }
  }

  /** Before each point. */
  private void makeRoom() {
    if (part.points == MAX_POINTS) {
      Instrument goesOn = instrument;
      finish();
      instrument = goesOn;
      begin();
    }
    part.points++;
  }

  @Override
  public void instrument(Instrument next) {
    finish();
    instrument = next;
  }

  private boolean delta(Kind kind) {
    return kind == Kind.HISTOGRAM
        ? temporality.deltaHistograms
        : kind == Kind.COUNTER && temporality.deltaCounters;
  }

  private void finish() {
    Instrument of = instrument;
    if (of == null) {
      return;
    }
    AggregationTemporality how =
        delta(of.kind) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    boolean monotonic = of.kind == Kind.COUNTER;
    if (!histograms.isEmpty()) {
      part.metrics.add(
          ImmutableMetricData.createDoubleHistogram(
              resource,
              scope,
              of.name,
              of.description,
              of.unit,
              ImmutableHistogramData.create(how, histograms)));
    }
    if (!exponentials.isEmpty()) {
      part.metrics.add(
          ImmutableMetricData.createExponentialHistogram(
              resource,
              scope,
              of.name,
              of.description,
              of.unit,
              ImmutableExponentialHistogramData.create(how, exponentials)));
    }
    if (!longs.isEmpty()) {
      part.metrics.add(
          of.kind == Kind.GAUGE
              ? ImmutableMetricData.createLongGauge(
                  resource,
                  scope,
                  of.name,
                  of.description,
                  of.unit,
                  ImmutableGaugeData.create(longs))
              : ImmutableMetricData.createLongSum(
                  resource,
                  scope,
                  of.name,
                  of.description,
                  of.unit,
                  ImmutableSumData.create(monotonic, how, longs)));
    }
    if (!doubles.isEmpty()) {
      part.metrics.add(
          of.kind == Kind.GAUGE
              ? ImmutableMetricData.createDoubleGauge(
                  resource,
                  scope,
                  of.name,
                  of.description,
                  of.unit,
                  ImmutableGaugeData.create(doubles))
              : ImmutableMetricData.createDoubleSum(
                  resource,
                  scope,
                  of.name,
                  of.description,
                  of.unit,
                  ImmutableSumData.create(monotonic, how, doubles)));
    }
    instrument = null;
    longs = new ArrayList<>();
    doubles = new ArrayList<>();
    histograms = new ArrayList<>();
    exponentials = new ArrayList<>();
  }

  private Instrument current() {
    Instrument of = instrument;
    if (of == null) {
      throw new IllegalStateException("a series without an instrument");
    }
    return of;
  }

  private static List<Object> key(Instrument of, Labels labels) {
    List<Object> key = new ArrayList<>(2);
    key.add(of.name);
    key.add(labels);
    return key;
  }

  @Override
  public void number(Labels labels, long value) {
    Instrument of = current();
    makeRoom();
    long shown = value;
    if (delta(of.kind)) {
      List<Object> key = key(of, labels);
      part.read.put(key, value);
      Object last = before.get(key);
      // One that fell began anew.
      shown = last instanceof Long && (Long) last <= value ? value - (Long) last : value;
    }
    longs.add(ImmutableLongPointData.create(begin(of), time, attributes(labels), shown));
  }

  @Override
  public void number(Labels labels, double value) {
    Instrument of = current();
    makeRoom();
    double shown = value;
    if (delta(of.kind)) {
      List<Object> key = key(of, labels);
      part.read.put(key, value);
      Object last = before.get(key);
      shown = last instanceof Double && (Double) last <= value ? value - (Double) last : value;
    }
    doubles.add(ImmutableDoublePointData.create(begin(of), time, attributes(labels), shown));
  }

  @Override
  public void histogram(Labels labels, Histogram histogram) {
    Instrument of = current();
    makeRoom();
    double sum = histogram.sum;
    long[] counts = histogram.counts;
    Histogram last = null;
    if (delta(of.kind)) {
      List<Object> key = key(of, labels);
      part.read.put(key, histogram);
      Object then = before.get(key);
      last =
          then instanceof Histogram && goesOn((Histogram) then, histogram)
              ? (Histogram) then
              : null;
      if (last != null) {
        counts = less(counts, last.counts);
        sum -= last.sum;
      }
    }
    Exponential counted = histogram.exponential;
    if (exponential && counted != null) {
      Exponential then = last == null ? null : last.exponential;
      fine(labels, histogram, then == null ? counted : counted.since(then), Math.max(0, sum), of);
      return;
    }
    List<Double> bounds = new ArrayList<>(histogram.bounds.length);
    for (double bound : histogram.bounds) {
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
              begin(of),
              time,
              attributes(labels),
              Math.max(0, sum),
              false,
              0,
              false,
              0,
              bounds,
              buckets,
              exemplars(histogram)));
    }
  }

  private void fine(
      Labels labels, Histogram histogram, Exponential counted, double sum, Instrument of) {
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
            begin(of),
            time,
            attributes(labels),
            exemplars(histogram)));
  }

  /** Whether what is counted now is more of the same; else it began anew. */
  private static boolean goesOn(Histogram then, Histogram now) {
    if (then.counts.length != now.counts.length) {
      return false;
    }
    for (int i = 0; i < now.counts.length; i++) {
      if (now.counts[i] < then.counts[i]) {
        return false;
      }
    }
    return true;
  }

  private static long[] less(long[] now, long[] before) {
    long[] less = new long[now.length];
    for (int i = 0; i < now.length; i++) {
      less[i] = now[i] - before[i];
    }
    return less;
  }

  private long begin(Instrument of) {
    long begun = delta(of.kind) ? from : started;
    return of.since > 0 && begun == started ? of.since * 1_000_000 : begun;
  }

  /** Those since the last export. */
  private List<DoubleExemplarData> exemplars(Histogram histogram) {
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
