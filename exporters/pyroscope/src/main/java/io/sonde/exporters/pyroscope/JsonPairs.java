package io.sonde.exporters.pyroscope;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a JSON object whose values are strings, as the Pyroscope agent takes its headers. */
final class JsonPairs {
  private final String text;
  private int at;

  private JsonPairs(String text) {
    this.text = text;
  }

  /** The pairs in order; null where the text is something else. */
  static @Nullable Map<String, String> parse(String text) {
    JsonPairs json = new JsonPairs(text);
    try {
      return json.object();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private Map<String, String> object() {
    Map<String, String> pairs = new LinkedHashMap<>();
    expect('{');
    if (next() == '}') {
      at++;
    } else {
      do {
        String name = string();
        expect(':');
        pairs.put(name, string());
      } while (comma());
    }
    for (; at < text.length(); at++) {
      if (!Character.isWhitespace(text.charAt(at))) {
        throw new IllegalArgumentException();
      }
    }
    return pairs;
  }

  private boolean comma() {
    char c = next();
    at++;
    if (c != ',' && c != '}') {
      throw new IllegalArgumentException();
    }
    return c == ',';
  }

  private char next() {
    while (Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return text.charAt(at);
  }

  private void expect(char c) {
    if (next() != c) {
      throw new IllegalArgumentException();
    }
    at++;
  }

  private String string() {
    expect('"');
    StringBuilder value = new StringBuilder();
    for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
      value.append(c == '\\' ? escaped() : c);
    }
    return value.toString();
  }

  private char escaped() {
    char c = text.charAt(at++);
    switch (c) {
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'u':
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 4, at), 16);
      default:
        return c;
    }
  }
}
