package io.sonde.profiler.pprof;

import org.jspecify.annotations.Nullable;

/**
 * What a sample has in common with many others, as one text: the route of its request and, behind
 * it, further names with their values. Bounded in number by who makes it.
 */
public final class SeriesLabels {
  private static final char BEFORE_NAME = '\u0001';
  private static final char BEFORE_VALUE = '\u0002';

  private SeriesLabels() {}

  /** Takes them one by one. */
  public interface Out {
    /** One of them. */
    void label(String name, String value);
  }

  /** A further label; to be appended to others and to {@link #of}. */
  public static String label(String name, String value) {
    return BEFORE_NAME + name + BEFORE_VALUE + value;
  }

  /** All of it; null where there is nothing. */
  public static @Nullable String of(@Nullable String route, String labels) {
    return labels.isEmpty() ? route : route == null ? labels : route + labels;
  }

  /** The same with a route of so many characters at most. */
  static String cut(String text, int max) {
    int end = text.indexOf(BEFORE_NAME);
    int route = end < 0 ? text.length() : end;
    return route <= max ? text : text.substring(0, max) + text.substring(route);
  }

  static void each(String text, Out out) {
    int end = text.indexOf(BEFORE_NAME);
    String route = end < 0 ? text : text.substring(0, end);
    if (!route.isEmpty()) {
      out.label("endpoint", route);
    }
    while (end >= 0) {
      int value = text.indexOf(BEFORE_VALUE, end);
      if (value < 0) {
        return; // a route with a character that no route has
      }
      int next = text.indexOf(BEFORE_NAME, value);
      out.label(
          text.substring(end + 1, value),
          text.substring(value + 1, next < 0 ? text.length() : next));
      end = next;
    }
  }
}
