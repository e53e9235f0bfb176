package io.sonde.core.database;

import io.sonde.core.database.JdbcSystem.Style;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a JDBC URL, {@code ?a=b&c=d} or {@code ;a=b;c=d}, and the properties given
 * beside it.
 */
final class JdbcParameters {
  private final String text;
  private final @Nullable Properties properties;

  JdbcParameters(String text, @Nullable Properties properties) {
    this.text = text;
    this.properties = properties;
  }

  /** Where the parameters of a URL begin. */
  static int start(String rest, Style style) {
    int depth = 0;
    for (int i = 0; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth--;
      } else if (depth <= 0 && (c == '?' || c == ';' || c == '#')) {
        return i;
      } else if (style == Style.TERADATA && c == '/' && i > 2) {
        return i;
      }
    }
    return rest.length();
  }

  /** The value of the first of these names that is there, whatever its case. */
  @Nullable String get(String... names) {
    for (String name : names) {
      String value = inUrl(name);
      if (value == null && properties != null) {
        value = properties.getProperty(name);
      }
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private @Nullable String inUrl(String name) {
    int at = 0;
    while (at < text.length()) {
      int end = at + 1;
      boolean braces = false;
      while (end < text.length() && (braces || "?&;,#".indexOf(text.charAt(end)) < 0)) {
        char c = text.charAt(end++);
        braces = c == '{' || braces && c != '}';
      }
      int equals = text.indexOf('=', at);
      if (equals > 0
          && equals < end
          && text.substring(at + 1, equals).trim().equalsIgnoreCase(name)) {
        return value(text.substring(equals + 1, end).trim());
      }
      at = end;
    }
    return null;
  }

  private static String value(String text) {
    return text.startsWith("{") && text.endsWith("}")
        ? text.substring(1, text.length() - 1)
        : decode(text);
  }

  /** Percent-decoding of ASCII; what cannot be decoded stays. */
  static String decode(@Nullable String text) {
    if (text == null || text.indexOf('%') < 0) {
      return text == null ? "" : text;
    }
    StringBuilder decoded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high < 0 || high > 7 ? -1 : Character.digit(text.charAt(i + 2), 16);
      decoded.append(low < 0 ? c : (char) (high << 4 | low));
      i += low < 0 ? 0 : 2;
    }
    return decoded.toString();
  }
}
