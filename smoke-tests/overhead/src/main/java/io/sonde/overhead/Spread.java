package io.sonde.overhead;

import java.util.List;
import java.util.Locale;

/** The same measured several times: its least, middle and greatest value. */
record Spread(List<Double> values) {

  Spread {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    values = values.stream().sorted().toList();
  }

  double min() {
    return values.get(0);
  }

  double median() {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  double max() {
    return values.get(values.size() - 1);
  }

  /** Such as "1.05 × (1.01–1.09)". */
  String asRatio() {
    return String.format(Locale.ROOT, "%.2f × (%.2f–%.2f)", median(), min(), max());
  }

  /** Such as "+35 (+30–+41)". */
  String asDifference() {
    return String.format(Locale.ROOT, "%+,.0f (%+,.0f–%+,.0f)", median(), min(), max());
  }
}
