package io.sonde.overhead;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Samples by variant and round; a variant is compared with another one in the same round. */
final class Rounds<S> {
  private final Map<String, List<S>> samples = new LinkedHashMap<>();

  void add(String variant, S sample) {
    samples.computeIfAbsent(variant, name -> new ArrayList<>()).add(sample);
  }

  Set<String> variants() {
    return samples.keySet();
  }

  boolean has(String variant) {
    return samples.containsKey(variant);
  }

  int count() {
    return samples.values().stream().mapToInt(List::size).min().orElse(0);
  }

  Spread values(String variant, ToDoubleFunction<S> metric) {
    return new Spread(of(variant).stream().mapToDouble(metric).boxed().toList());
  }

  /** The metric of one variant as a multiple of another's. */
  Spread ratios(String variant, String base, ToDoubleFunction<S> metric) {
    return compare(variant, base, metric, true);
  }

  /** What the metric of one variant is more than another's. */
  Spread differences(String variant, String base, ToDoubleFunction<S> metric) {
    return compare(variant, base, metric, false);
  }

  private Spread compare(String variant, String base, ToDoubleFunction<S> metric, boolean asRatio) {
    List<S> bases = of(base);
    List<S> others = of(variant);
    List<Double> compared = new ArrayList<>();
    for (int round = 0; round < Math.min(bases.size(), others.size()); round++) {
      double a = metric.applyAsDouble(bases.get(round));
      double b = metric.applyAsDouble(others.get(round));
      compared.add(asRatio ? b / a : b - a);
    }
    return new Spread(compared);
  }

  private List<S> of(String variant) {
    return samples.getOrDefault(variant, List.of());
  }
}
