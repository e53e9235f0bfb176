package io.sonde.exporters.prometheus.write;

import io.sonde.core.Protobuf;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.exporters.prometheus.Histograms;
import io.sonde.exporters.prometheus.PrometheusName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Turns points into requests: names and labels as Prometheus has them, compressed. */
final class Requests {
  /** What Prometheus has for a series that ends: one certain NaN. */
  private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

  private static final Exponential ENDED = new Exponential(3, 0, 0, 0, new long[0]);

  private final Map<String, String> common;
  private final long started;
  private final Histograms histograms;
  private final Snappy snappy = new Snappy();

  /**
   * Makes requests.
   *
   * @param common the labels of every series
   * @param started since when everything is counted, in milliseconds since 1970
   */
  Requests(Map<String, String> common, long started, Histograms histograms) {
    this.common = common;
    this.started = started;
    this.histograms = histograms;
  }

  /** The points of {@code snapshot} from the next one up to {@code end}. */
  byte[] of(Snapshot snapshot, int end, Version version) {
    Message message = version.message(started);
    Instrument last = null;
    String name = "";
    for (int i = snapshot.next; i < end; i++) {
      Point point = snapshot.points.get(i);
      if (point.instrument != last) {
        last = point.instrument;
        PrometheusName names = new PrometheusName(last);
        name = last.kind == Instrument.Kind.COUNTER ? names.family + "_total" : names.family;
        message.metric(last, name, names.unit);
      }
      write(message, name, point, snapshot);
    }
    Protobuf written = message.end();
    return snappy.compress(written.array(), written.size());
  }

  private void write(Message to, String name, Point point, Snapshot snapshot) {
    Histogram histogram = point.histogram;
    Series series = new Series(common, point.labels, false);
    if (histogram == null) {
      to.sample(series.named(name), point.stale ? STALE : point.value, snapshot.time, null);
      return;
    }
    boolean classic = histograms.classic(histogram);
    Exponential exponential = histograms.exponential(histogram);
    if (exponential != null) {
      List<Exemplar> shown = classic ? Collections.emptyList() : exemplars(point, snapshot);
      double sum = point.stale ? STALE : histogram.sum;
      to.histogram(
          series.named(name), point.stale ? ENDED : exponential, sum, snapshot.time, shown);
    }
    if (classic) {
      classic(to, name, point, histogram, snapshot);
    }
  }

  private void classic(
      Message to, String name, Point point, Histogram histogram, Snapshot snapshot) {
    Series bucket = new Series(common, point.labels, true).named(name + "_bucket");
    long count = 0;
    for (int i = 0; i < histogram.counts.length; i++) {
      count += histogram.counts[i];
      bucket.bound(i < histogram.bounds.length ? Double.toString(histogram.bounds[i]) : "+Inf");
      Exemplar exemplar = histogram.exemplars[i];
      to.sample(
          bucket,
          point.stale ? STALE : count,
          snapshot.time,
          exemplar != null && isNew(exemplar, point, snapshot) ? exemplar : null);
    }
    Series series = new Series(common, point.labels, false);
    to.sample(
        series.named(name + "_sum"), point.stale ? STALE : histogram.sum, snapshot.time, null);
    to.sample(series.named(name + "_count"), point.stale ? STALE : count, snapshot.time, null);
  }

  private static boolean isNew(Exemplar exemplar, Point point, Snapshot snapshot) {
    return !point.stale && exemplar.epochMillis >= snapshot.exemplarsFrom;
  }

  /** In the order of time, the only one that a receiver takes them in. */
  private static List<Exemplar> exemplars(Point point, Snapshot snapshot) {
    List<Exemplar> shown = new ArrayList<>();
    Histogram histogram = point.histogram;
    if (histogram != null) {
      for (Exemplar exemplar : histogram.exemplars) {
        if (exemplar != null && isNew(exemplar, point, snapshot)) {
          shown.add(exemplar);
        }
      }
    }
    shown.sort((one, other) -> Long.compare(one.epochMillis, other.epochMillis));
    return shown;
  }
}
