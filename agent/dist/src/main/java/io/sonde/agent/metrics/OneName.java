package io.sonde.agent.metrics;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.exporters.prometheus.PrometheusName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Leaves out what Prometheus could not tell from another metric: users choose the names of beans'
 * metrics, and one name twice makes a whole page unreadable.
 */
final class OneName implements MetricReader {
  private final MetricReader to;
  private final Set<String> taken = new HashSet<>(Arrays.asList("target", "target_info"));
  private final Set<String> leftOut = new TreeSet<>();
  private boolean guests;
  private boolean left;

  OneName(MetricReader to) {
    this.to = to;
  }

  /** What comes now must not have a name that was there before. */
  void guests() {
    guests = true;
  }

  /** The guests' metrics that were left out. */
  Set<String> leftOut() {
    return leftOut;
  }

  @Override
  public void instrument(Instrument instrument) {
    List<String> names = names(instrument);
    left = false;
    for (String name : names) {
      left |= guests && taken.contains(name);
    }
    if (left) {
      leftOut.add(instrument.name);
      return;
    }
    taken.addAll(names);
    to.instrument(instrument);
  }

  /** Its family's name and those of its samples. */
  private static List<String> names(Instrument instrument) {
    String family = new PrometheusName(instrument).family;
    List<String> names = new ArrayList<>(4);
    names.add(family);
    if (instrument.kind == Kind.COUNTER) {
      names.add(family + "_total");
    } else if (instrument.kind == Kind.HISTOGRAM) {
      names.add(family + "_bucket");
      names.add(family + "_sum");
      names.add(family + "_count");
    }
    return names;
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
