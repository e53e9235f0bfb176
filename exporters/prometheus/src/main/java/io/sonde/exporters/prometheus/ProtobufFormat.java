package io.sonde.exporters.prometheus;

import io.sonde.core.Hex;
import io.sonde.core.Protobuf;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes metrics as Prometheus's protobuf messages, one for each metric with its length before it:
 * the one format to be scraped that has native histograms.
 */
final class ProtobufFormat implements MetricReader {
  private static final int COUNTER = 0;
  private static final int GAUGE = 1;
  private static final int HISTOGRAM = 4;
  private static final int KEPT = 1 << 20;

  private final OutputStream out;
  private final Labels scope;
  private final PrometheusLabels all = new PrometheusLabels(Labels.NONE);
  private final PrometheusLabels own;
  private final Histograms histograms;
  private final Protobuf family = new Protobuf(KEPT);
  private final Protobuf length = new Protobuf(KEPT);
  private final Created created;
  private long since;
  private int type;
  private int head;

  ProtobufFormat(OutputStream out, Labels scope, Histograms histograms, Created created) {
    this.created = created;
    this.out = out;
    this.scope = scope;
    own = new PrometheusLabels(scope);
    this.histograms = histograms;
  }

  /** The resource's attributes, as target_info. */
  void target(Labels resource) {
    begin("target_info", "The resource.", GAUGE);
    int metric = family.begin(4);
    all.forEach(resource, this::label);
    value(1);
    family.end(metric);
  }

  /** Ends the document. */
  void end() throws IOException {
    finish();
    out.flush();
  }

  @Override
  public void instrument(Instrument instrument) {
    PrometheusName names = new PrometheusName(instrument);
    boolean counter = instrument.kind == Instrument.Kind.COUNTER;
    since = created.of(instrument);
    begin(
        counter ? names.family + "_total" : names.family,
        instrument.description,
        counter ? COUNTER : instrument.kind == Instrument.Kind.HISTOGRAM ? HISTOGRAM : GAUGE);
    if (!names.unit.isEmpty()) {
      family.text(5, names.unit);
      head = family.size();
    }
  }

  private void begin(String name, String help, int type) {
    finish();
    this.type = type;
    family.text(1, name);
    family.text(2, help);
    family.number(3, type);
    head = family.size();
  }

  /** Writes the metric before, if it has any series. */
  private void finish() {
    try {
      if (family.size() > head) {
        length.clear();
        length.varint(family.size());
        length.writeTo(out);
        family.writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    family.clear();
    head = 0;
  }

  @Override
  public void number(Labels labels, long value) {
    number(labels, (double) value);
  }

  @Override
  public void number(Labels labels, double value) {
    int metric = begin(labels);
    value(value);
    family.end(metric);
  }

  private int begin(Labels labels) {
    int metric = family.begin(4);
    all.forEach(scope, this::label);
    own.forEach(labels, this::label);
    return metric;
  }

  private void label(String name, String value) {
    int label = family.begin(1);
    family.text(1, name);
    family.text(2, value);
    family.end(label);
  }

  private void value(double value) {
    int inner = family.begin(type == COUNTER ? 3 : 2);
    family.real(1, value);
    if (type == COUNTER) {
      time(3, since);
    }
    family.end(inner);
  }

  private void time(int field, long epochMillis) {
    int time = family.begin(field);
    family.number(1, epochMillis / 1000);
    family.number(2, epochMillis % 1000 * 1_000_000);
    family.end(time);
  }

  @Override
  public void histogram(Labels labels, Histogram histogram) {
    Exponential exponential = histograms.exponential(histogram);
    boolean classic = histograms.classic(histogram);
    int metric = begin(labels);
    int inner = family.begin(7);
    long all = exponential == null ? histogram.count() : exponential.count();
    family.number(1, all);
    family.real(2, histogram.sum);
    if (classic) {
      classic(histogram, all);
    }
    if (exponential != null) {
      family.signed(5, exponential.schema);
      family.real(6, exponential.zeroThreshold);
      family.number(7, exponential.zeroCount);
      NativeBuckets.write(family, exponential, 12, 13);
      for (Exemplar exemplar : histogram.exemplars) {
        exemplar(classic ? null : exemplar, 16);
      }
    }
    time(15, since);
    family.end(inner);
    family.end(metric);
  }

  private void classic(Histogram histogram, long all) {
    long count = 0;
    for (int i = 0; i < histogram.counts.length; i++) {
      count += histogram.counts[i];
      boolean last = i == histogram.bounds.length;
      int bucket = family.begin(3);
      // A call that came between the two readings is in the exponential buckets alone.
      family.number(1, last ? all : count);
      family.real(2, last ? Double.POSITIVE_INFINITY : histogram.bounds[i]);
      exemplar(histogram.exemplars[i], 3);
      family.end(bucket);
    }
  }

  private void exemplar(@Nullable Exemplar exemplar, int field) {
    if (exemplar == null) {
      return;
    }
    int shown = family.begin(field);
    label("trace_id", Hex.of(exemplar.traceHi, exemplar.traceLo));
    label("span_id", Hex.of(exemplar.spanId));
    family.real(2, exemplar.value);
    time(3, exemplar.epochMillis);
    family.end(shown);
  }
}
