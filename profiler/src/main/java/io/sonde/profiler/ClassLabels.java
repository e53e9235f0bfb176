package io.sonde.profiler;

import io.sonde.profiler.pprof.ClassName;
import io.sonde.profiler.pprof.SeriesLabels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Labels of allocated classes: the first 50 have their own, since each is a series, and the others
 * share one. Used by the profiler's thread alone.
 */
public final class ClassLabels {
  private static final int MAX = 50;
  private static final String NAME = "class";

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> labels = new ArrayList<>();

  /** None yet. */
  public ClassLabels() {
    labels.add("");
  }

  /** The number of the label of that class, by the JVM's name for it; 0 for no class. */
  public int number(@Nullable String className) {
    if (className == null) {
      return 0;
    }
    Integer known = numbers.get(className);
    if (known != null) {
      return known;
    }
    if (labels.size() <= MAX) {
      numbers.put(className, labels.size());
      labels.add(SeriesLabels.label(NAME, ClassName.readable(className)));
      return labels.size() - 1;
    }
    if (labels.size() == MAX + 1) {
      labels.add(SeriesLabels.label(NAME, "[other]"));
    }
    return MAX + 1;
  }

  /** What else a sample is labelled with, and that label. */
  public @Nullable String with(@Nullable String others, int number) {
    return SeriesLabels.of(others, labels.get(number));
  }
}
