package io.sonde.exporters.prometheus.write;

import io.sonde.core.Protobuf;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Instrument;
import org.jspecify.annotations.Nullable;

/** A request being written, in one version of the protocol. */
interface Message {
  /** The series that follow are of this metric, under this name. */
  void metric(Instrument instrument, String name, String unit);

  /** One sample of one series. */
  void sample(Series series, double value, long time, @Nullable Exemplar exemplar);

  /** The whole request. */
  Protobuf end();

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
