package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoubleExemplarData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.ArrayList;
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
  private final long started;
  private final boolean exponential;

  private List<Part> parts = new ArrayList<>();
  private Part part = new Part();
  private long from;
  private long time;

  // What was read when it arrived last.
  private final Map<List<Object>, Object> before = new HashMap<>();

  private @Nullable Instrument instrument;
  private final MetricPoints points;

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
    points = new MetricPoints(resource, version);
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

  private void finish() {
    Instrument of = instrument;
    if (of == null) {
      return;
    }
    AggregationTemporality how =
        temporality.delta(of) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    points.into(part.metrics, of, how);
    instrument = null;
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
    if (temporality.delta(of)) {
      List<Object> key = key(of, labels);
      part.read.put(key, value);
      Object last = before.get(key);
      // One that fell began anew.
      shown = last instanceof Long && (Long) last <= value ? value - (Long) last : value;
    }
    points.number(labels, shown, begin(of), time);
  }

  @Override
  public void number(Labels labels, double value) {
    Instrument of = current();
    makeRoom();
    double shown = value;
    if (temporality.delta(of)) {
      List<Object> key = key(of, labels);
      part.read.put(key, value);
      Object last = before.get(key);
      shown = last instanceof Double && (Double) last <= value ? value - (Double) last : value;
    }
    points.number(labels, shown, begin(of), time);
  }

  @Override
  public void histogram(Labels labels, Histogram histogram) {
    Instrument of = current();
    makeRoom();
    double sum = histogram.sum;
    long[] counts = histogram.counts;
    Histogram last = null;
    if (temporality.delta(of)) {
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
    // In delta a sum of doubles may fall by its last digit.
    sum = Math.max(0, sum);
    List<DoubleExemplarData> exemplars = MetricPoints.exemplars(histogram, from);
    Exponential counted = histogram.exponential;
    if (exponential && counted != null) {
      Exponential then = last == null ? null : last.exponential;
      Exponential fine = then == null ? counted : counted.since(then);
      points.exponential(labels, fine, sum, exemplars, begin(of), time);
    } else {
      points.histogram(labels, histogram.bounds, counts, sum, exemplars, begin(of), time);
    }
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
    long begun = temporality.delta(of) ? from : started;
    return of.since > 0 && begun == started ? of.since * 1_000_000 : begun;
  }
}
