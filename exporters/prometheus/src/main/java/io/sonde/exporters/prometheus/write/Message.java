package io.sonde.exporters.prometheus.write;

import io.sonde.core.Protobuf;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Instrument;
import io.sonde.exporters.prometheus.NativeBuckets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request being written, in one version of the protocol. */
interface Message {
  /** The series that follow are of this metric, under this name. */
  void metric(Instrument instrument, String name, String unit);

  /** One sample of one series. */
  void sample(Series series, double value, long time, @Nullable Exemplar exemplar);

  /** A histogram as one sample; {@code sum} says whether it ends here. */
  void histogram(
      Series series, Exponential buckets, double sum, long time, List<Exemplar> exemplars);

  /** The whole request. */
  Protobuf end();

  /** What both versions have of a histogram. */
  static void write(Protobuf out, Exponential buckets, double sum, long time) {
    out.number(1, buckets.count());
    out.real(3, sum);
    out.signed(4, buckets.schema);
    out.real(5, buckets.zeroThreshold);
    out.number(6, buckets.zeroCount);
    NativeBuckets.write(out, buckets, 11, 12);
    out.number(15, time);
  }

  /** The number that both versions have for a metric's type. */
  static int type(Instrument.Kind kind) {
    switch (kind) {
      case COUNTER:
        return 1;
      case HISTOGRAM:
        return 3;
      default:
        return 2;
    }
  }
}
