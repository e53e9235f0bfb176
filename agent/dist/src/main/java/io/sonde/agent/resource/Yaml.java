package io.sonde.agent.resource;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Finds one plain value in the first document of a YAML file; knows maps by indentation, and no
 * more of YAML.
 */
final class Yaml {
  private Yaml() {}

  /** The value under a dotted key, however the key is spread over nested maps, or null. */
  static @Nullable String find(String text, String key) {
    Deque<Level> open = new ArrayDeque<>();
    boolean content = false;
    for (String line : text.split("\n")) {
      String trimmed = line.trim();
      if (trimmed.startsWith("---") && content) {
        return null;
      }
      if (trimmed.isEmpty() || trimmed.startsWith("#") || trimmed.startsWith("---")) {
        continue;
      }
      content = true;
      int indent = line.indexOf(trimmed);
      while (!open.isEmpty() && open.getLast().indent >= indent) {
        open.removeLast();
      }
      int colon = colon(trimmed);
      if (colon < 0) {
        continue;
      }
      String path = open.isEmpty() ? "" : open.getLast().path + '.';
      path += unquoted(trimmed.substring(0, colon).trim());
      String value = trimmed.substring(colon + 1).trim();
      if (path.equals(key)) {
        return scalar(value);
      }
      open.addLast(new Level(indent, path));
    }
    return null;
  }

  /** The end of the key: a colon before a space or the line's end. */
  private static int colon(String line) {
    for (int i = line.indexOf(':'); i >= 0; i = line.indexOf(':', i + 1)) {
      if (i + 1 == line.length() || Character.isWhitespace(line.charAt(i + 1))) {
        return i;
      }
    }
    return -1;
  }

  private static @Nullable String scalar(String value) {
    if (value.isEmpty() || "|>&*!{[".indexOf(value.charAt(0)) >= 0) {
      return null;
    }
    char quote = value.charAt(0);
    if (quote == '"' || quote == '\'') {
      int end = value.indexOf(quote, 1);
      return end < 0 ? null : value.substring(1, end);
    }
    int comment = value.indexOf(" #");
    return (comment < 0 ? value : value.substring(0, comment)).trim();
  }

  private static String unquoted(String key) {
    int last = key.length() - 1;
    boolean quoted =
        last > 0 && key.charAt(0) == key.charAt(last) && "\"'".indexOf(key.charAt(0)) >= 0;
    return quoted ? key.substring(1, last) : key;
  }

  /** A map that is open at this indentation. */
  private static final class Level {
    final int indent;
    final String path;

    Level(int indent, String path) {
      this.indent = indent;
      this.path = path;
    }
  }
}
