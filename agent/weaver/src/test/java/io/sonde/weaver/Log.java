package io.sonde.weaver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What woven classes and the advice called by them write down, in order. */
public final class Log {
  private static final List<String> LINES = new ArrayList<>();

  private Log() {}

  /** Notes the parts, with their types where those are not strings. */
  public static void add(Object... parts) {
    StringBuilder line = new StringBuilder();
    for (Object part : parts) {
      line.append(line.length() == 0 ? "" : " ").append(text(part));
    }
    LINES.add(line.toString());
  }

  private static String text(Object part) {
    if (part instanceof Throwable thrown) {
      return thrown.getClass().getSimpleName() + '(' + thrown.getMessage() + ')';
    }
    if (part instanceof Object[] array) {
      return Arrays.deepToString(array);
    }
    return part == null || part instanceof String
        ? String.valueOf(part)
        : part.getClass().getSimpleName() + ':' + part;
  }

  static List<String> take() {
    List<String> lines = new ArrayList<>(LINES);
    LINES.clear();
    return lines;
  }
}
