package io.sonde.exporters.prometheus.write;

import io.sonde.core.metrics.Labels;
import io.sonde.exporters.prometheus.PrometheusLabels;
import java.util.Map;
import java.util.TreeMap;

/** The labels of one series, sorted, with the metric's name among them and room for a bound. */
final class Series {
  private static final String NAME = "__name__";
  private static final String BOUND = "le";

  private final String[] names;
  private final String[] values;
  private int name;
  private int bound = -1;

  /**
   * Has these labels.
   *
   * @param common those of every series, which give way to the series' own
   */
  Series(Map<String, String> common, Labels labels, boolean bounded) {
    TreeMap<String, String> sorted = new TreeMap<>();
    new PrometheusLabels(Labels.NONE)
        .forEach(
            labels,
            (name, value) -> {
              if (!value.isEmpty()) {
                sorted.put(name, value);
              }
            });
    for (Map.Entry<String, String> label : common.entrySet()) {
      sorted.putIfAbsent(label.getKey(), label.getValue());
    }
    sorted.put(NAME, "");
    if (bounded) {
      sorted.put(BOUND, "");
    }
    names = sorted.keySet().toArray(new String[0]);
    values = sorted.values().toArray(new String[0]);
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(NAME)) {
        name = i;
      } else if (bounded && names[i].equals(BOUND)) {
        bound = i;
      }
    }
  }

  /** The same labels under another metric's name. */
  Series named(String metric) {
    values[name] = metric;
    return this;
  }

  /** The same labels for another bucket. */
  Series bound(String le) {
    values[bound] = le;
    return this;
  }

  int size() {
    return names.length;
  }

  String name(int i) {
    return names[i];
  }

  String value(int i) {
    return values[i];
  }
}
