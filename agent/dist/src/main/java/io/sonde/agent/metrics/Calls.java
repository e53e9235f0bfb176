package io.sonde.agent.metrics;

import io.sonde.core.Names;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import org.jspecify.annotations.Nullable;

/** The calls of one series, as they were recorded and as they stood at one moment. */
final class Calls {
  static final String SERVER = "http.server.request.duration";
  static final String CLIENT = "http.client.request.duration";
  static final String DATABASE = "db.client.operation.duration";
  static final String PROCESS = "messaging.process.duration";

  /** The only label of the calls beyond an instrument's bound. */
  static final String OVERFLOW = "otel.metric.overflow";

  final Instrument instrument;
  final Labels labels;
  final Histogram histogram;

  Calls(Instrument instrument, Labels labels, Histogram histogram) {
    this.instrument = instrument;
    this.labels = labels;
    this.histogram = histogram;
  }

  boolean of(String name) {
    return instrument.name.equals(name);
  }

  /** The value of a label as text, null where it has none. */
  @Nullable String text(String key) {
    Object value = labels.get(key);
    return value == null ? null : value.toString();
  }

  /** The same, with what stands for it where it has none. */
  String text(String key, String otherwise) {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  boolean isOverflow() {
    return labels.get(OVERFLOW) != null;
  }

  boolean failed() {
    return labels.get(Names.ERROR_TYPE) != null;
  }
}
