package io.sonde.agent.jmx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What stands on one line of YAML: quoted and plain scalars, [lists] and {maps}. */
final class FlowText {
  private static final int DEEPEST = 20;

  private final String text;
  private final int line;
  private int at;

  FlowText(String text, int line) {
    this.text = text;
    this.line = line;
  }

  /** Whether a bracket has yet to be closed. */
  static boolean open(CharSequence flow) {
    String text = flow.toString();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\'') {
        int end = quoteEnd(text, i);
        if (end < 0) {
          return true;
        }
        i = end;
      } else if (c == '[' || c == '{') {
        depth++;
      } else if (c == ']' || c == '}') {
        depth--;
      }
    }
    return depth > 0;
  }

  /** The index of the quote that closes the one at {@code from}, or -1. */
  static int quoteEnd(String text, int from) {
    char quote = text.charAt(from);
    for (int i = from + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote == '"') {
        i++;
      } else if (c == quote) {
        if (quote == '\'' && i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i++;
        } else {
          return i;
        }
      }
    }
    return -1;
  }

  /** A scalar as the text it stands for. */
  static String unquoted(String text, int line) throws RuleException {
    if (text.isEmpty() || text.charAt(0) != '"' && text.charAt(0) != '\'') {
      return text;
    }
    int end = quoteEnd(text, 0);
    if (end != text.length() - 1) {
      throw new RuleException("line " + line + ": a quote is not closed, or text follows it");
    }
    String inside = text.substring(1, end);
    return text.charAt(0) == '\'' ? inside.replace("''", "'") : unescaped(inside);
  }

  private static String unescaped(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        c = text.charAt(++i);
        c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
      }
      out.append(c);
    }
    return out.toString();
  }

  /** The collection. */
  Object parse(int depth) throws RuleException {
    Object value = value(depth);
    skip();
    if (at < text.length()) {
      throw problem("text follows '" + text.substring(0, at) + "'");
    }
    return value;
  }

  private RuleException problem(String what) {
    return new RuleException("line " + line + ": " + what);
  }

  private void skip() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private Object value(int depth) throws RuleException {
    skip();
    if (depth > DEEPEST) {
      throw problem("nested too deeply");
    }
    char first = at < text.length() ? text.charAt(at) : ' ';
    return first == '[' ? list(depth) : first == '{' ? map(depth) : scalar(",]}");
  }

  private List<Object> list(int depth) throws RuleException {
    List<Object> list = new ArrayList<>();
    at++;
    while (!closed(']')) {
      list.add(value(depth + 1));
      comma(']');
    }
    return list;
  }

  private Map<String, Object> map(int depth) throws RuleException {
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    while (!closed('}')) {
      String key = scalar(":,}");
      skip();
      if (at >= text.length() || text.charAt(at) != ':') {
        throw problem("'" + key + "' has no value");
      }
      at++;
      map.put(key, value(depth + 1));
      comma('}');
    }
    return map;
  }

  private boolean closed(char bracket) throws RuleException {
    skip();
    if (at >= text.length()) {
      throw problem("'" + bracket + "' is missing");
    }
    if (text.charAt(at) == bracket) {
      at++;
      return true;
    }
    return false;
  }

  private void comma(char bracket) throws RuleException {
    skip();
    if (at < text.length() && text.charAt(at) == ',') {
      at++;
    } else if (at >= text.length() || text.charAt(at) != bracket) {
      throw problem("',' or '" + bracket + "' is missing");
    }
  }

  private String scalar(String ends) throws RuleException {
    skip();
    int from = at;
    char first = at < text.length() ? text.charAt(at) : ' ';
    if (first == '"' || first == '\'') {
      int end = quoteEnd(text, at);
      if (end < 0) {
        throw problem("a quote is not closed");
      }
      at = end + 1;
    } else {
      while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
        at++;
      }
    }
    return unquoted(text.substring(from, at).trim(), line);
  }
}
