package io.sonde.agent.metrics;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.util.ArrayList;
import java.util.List;

/** Metrics that were read once, to be shown as often as somebody asks. */
final class Recorded implements MetricReader, MetricSource {
  /** An instrument, then the labels and the value of each of its series. */
  private final List<Object> parts = new ArrayList<>();

  @Override
  public void instrument(Instrument instrument) {
    parts.add(instrument);
  }

  @Override
  public void number(Labels labels, long value) {
    parts.add(labels);
    parts.add(value);
  }

  @Override
  public void number(Labels labels, double value) {
    parts.add(labels);
    parts.add(value);
  }

  @Override
  public void histogram(Labels labels, Histogram histogram) {
    parts.add(labels);
    parts.add(histogram);
  }

  @Override
  public void read(MetricReader reader) {
    Labels labels = Labels.NONE;
    for (Object part : parts) {
      if (part instanceof Instrument) {
        reader.instrument((Instrument) part);
      } else if (part instanceof Labels) {
        labels = (Labels) part;
      } else if (part instanceof Long) {
        reader.number(labels, ((Long) part).longValue());
      } else if (part instanceof Double) {
        reader.number(labels, ((Double) part).doubleValue());
      } else {
        reader.histogram(labels, (Histogram) part);
      }
    }
  }
}
