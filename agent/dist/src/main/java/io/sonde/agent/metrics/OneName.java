package io.sonde.agent.metrics;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves out what is named like a metric of the agent: users choose the names of beans' metrics,
 * and one name twice makes a whole page unreadable.
 */
final class OneName implements MetricReader {
  private final MetricReader to;
  private final List<String> taken = new ArrayList<>();
  private boolean guests;
  private boolean left;

  OneName(MetricReader to) {
    this.to = to;
  }

  /** What comes now must not have a name that was there before. */
  void guests() {
    guests = true;
  }

  @Override
  public void instrument(Instrument instrument) {
    String name = instrument.name.replace('.', '_');
    left = guests && isTaken(name);
    if (!guests) {
      taken.add(name);
    }
    if (!left) {
      to.instrument(instrument);
    }
  }

  /** A unit may follow the agent's own names. */
  private boolean isTaken(String name) {
    for (String other : taken) {
      if (name.startsWith(other)
          && (name.length() == other.length() || name.charAt(other.length()) == '_')) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void number(Labels labels, long value) {
    if (!left) {
      to.number(labels, value);
    }
  }

  @Override
  public void number(Labels labels, double value) {
    if (!left) {
      to.number(labels, value);
    }
  }

  @Override
  public void histogram(Labels labels, Histogram histogram) {
    if (!left) {
      to.histogram(labels, histogram);
    }
  }
}
