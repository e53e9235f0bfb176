package io.sonde.exporters.prometheus.write;

import io.sonde.core.Protobuf;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.exporters.prometheus.PrometheusName;
import java.util.Map;

/** Turns points into requests: names and labels as Prometheus has them, compressed. */
final class Requests {
  /** What Prometheus has for a series that ends: one certain NaN. */
  private static final double STALE = Double.longBitsToDouble(0x7ff0000000000002L);

  private final Map<String, String> common;
  private final long started;
  private final Snappy snappy = new Snappy();

  /**
   * Makes requests.
   *
   * @param common the labels of every series
   * @param started since when everything is counted, in milliseconds since 1970
   */
  Requests(Map<String, String> common, long started) {
    this.common = common;
    this.started = started;
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
    Series bucket = new Series(common, point.labels, true).named(name + "_bucket");
    long count = 0;
    for (int i = 0; i < histogram.counts.length; i++) {
      count += histogram.counts[i];
      double bound = i < histogram.bounds.length ? histogram.bounds[i] : Double.POSITIVE_INFINITY;
      Exemplar exemplar = point.stale ? null : histogram.exemplars[i];
      if (exemplar != null && exemplar.epochMillis < snapshot.exemplarsFrom) {
        exemplar = null;
      }
      bucket.bound(i < histogram.bounds.length ? Double.toString(bound) : "+Inf");
      to.sample(bucket, point.stale ? STALE : count, snapshot.time, exemplar);
    }
    to.sample(
        series.named(name + "_sum"), point.stale ? STALE : histogram.sum, snapshot.time, null);
    to.sample(series.named(name + "_count"), point.stale ? STALE : count, snapshot.time, null);
  }
}
