package io.sonde.agent.metrics;

import io.sonde.core.Messages;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the readings of metrics that came to nothing; the first of a source is one line. */
final class Unread implements MetricSource {
  private static final Instrument UNREAD =
      new Instrument(
          Kind.COUNTER,
          "sonde.metrics.unread",
          "{reading}",
          "Readings of metrics that failed or were late, so that older values are shown or none.");

  private final ConcurrentHashMap<Labels, AtomicLong> counts = new ConcurrentHashMap<>();
  private final Messages messages;

  Unread(Messages messages) {
    this.messages = messages;
  }

  /** The source threw; its message may be the application's and is not shown. */
  void failed(String source, Throwable thrown) {
    if (first(source, "failed")) {
      messages.warn("metrics of " + source + " cannot be read: " + thrown.getClass().getName());
    }
  }

  /** The source has yet to answer. */
  void late(String source) {
    if (first(source, "late")) {
      messages.warn("metrics of " + source + " stay as they were: they take too long to read");
    }
  }

  private boolean first(String source, String reason) {
    Labels labels = Labels.of("sonde.source", source, "sonde.reason", reason);
    counts.putIfAbsent(labels, new AtomicLong());
    AtomicLong count = counts.get(labels);
    return count != null && count.getAndIncrement() == 0;
  }

  @Override
  public void read(MetricReader reader) {
    reader.instrument(UNREAD);
    counts.forEach((labels, count) -> reader.number(labels, count.get()));
  }
}
