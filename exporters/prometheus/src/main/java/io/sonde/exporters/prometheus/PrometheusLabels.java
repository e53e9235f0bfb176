package io.sonde.exporters.prometheus;

import io.sonde.core.metrics.Labels;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * Labels by the names that they have in Prometheus, each name once: one name twice makes a whole
 * page unreadable, and users choose names.
 *
 * <p>Of those that become one name the values are joined. One thread's.
 */
public final class PrometheusLabels {
  private final String[] reserved;
  private String[] names = new String[8];
  private String[] values = new String[8];
  private int size;

  /** Leaves out labels of these names, which are on every series by themselves. */
  public PrometheusLabels(Labels reserved) {
    this.reserved = new String[reserved.size()];
    for (int i = 0; i < this.reserved.length; i++) {
      this.reserved[i] = PrometheusName.sanitized(reserved.key(i));
    }
  }

  /** Hands over {@code labels} in their order. */
  public void forEach(Labels labels, BiConsumer<String, String> to) {
    size = 0;
    for (int i = 0; i < labels.size(); i++) {
      if (!labels.key(i).isEmpty()) {
        add(PrometheusName.sanitized(labels.key(i)), String.valueOf(labels.value(i)));
      }
    }
    for (int i = 0; i < size; i++) {
      to.accept(names[i], values[i]);
    }
  }

  private void add(String name, String value) {
    if (index(reserved, reserved.length, name) >= 0) {
      return;
    }
    int same = index(names, size, name);
    if (same >= 0) {
      values[same] += ';' + value;
      return;
    }
    if (size == names.length) {
      names = Arrays.copyOf(names, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    names[size] = name;
    values[size++] = value;
  }

  private static int index(String[] names, int size, String name) {
    for (int i = 0; i < size; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
