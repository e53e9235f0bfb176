package io.sonde.agent.jmx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file as maps, lists and strings: block and flow collections, plain and quoted scalars,
 * literal and folded blocks. Anchors, tags and several documents are none of it.
 */
final class YamlText {
  private static final int DEEPEST = 20;

  private final String[] lines;
  private int at;

  private YamlText(String text) {
    lines = text.replace("\r\n", "\n").split("\n", -1);
  }

  /** The document: a Map, a List, a String, or null where it is empty. */
  static @Nullable Object parse(String text) throws RuleException {
    YamlText yaml = new YamlText(text);
    if (!yaml.next()) {
      return null;
    }
    Object document = yaml.block(yaml.indent(), 0);
    if (yaml.next()) {
      throw yaml.problem("this line belongs to nothing above it");
    }
    return document;
  }

  private RuleException problem(String what) {
    return new RuleException("line " + (Math.min(at, lines.length - 1) + 1) + ": " + what);
  }

  /** Goes to the next line that says something. */
  private boolean next() {
    while (at < lines.length) {
      String line = lines[at].trim();
      if (!line.isEmpty() && line.charAt(0) != '#' && !line.equals("---")) {
        return true;
      }
      at++;
    }
    return false;
  }

  private int indent() throws RuleException {
    String line = lines[at];
    int indent = 0;
    while (line.charAt(indent) == ' ') {
      indent++;
    }
    if (line.charAt(indent) == '\t') {
      throw problem("a tab is not allowed before the text");
    }
    return indent;
  }

  private Object block(int indent, int depth) throws RuleException {
    if (depth > DEEPEST) {
      throw problem("nested too deeply");
    }
    String line = lines[at].trim();
    if (isItem(line)) {
      return list(indent, depth);
    }
    return keyEnd(line) >= 0 ? map(indent, depth) : value(withoutComment(line), depth);
  }

  private static boolean isItem(String line) {
    return line.equals("-") || line.startsWith("- ");
  }

  private List<Object> list(int indent, int depth) throws RuleException {
    List<Object> list = new ArrayList<>();
    while (next() && indent() == indent && isItem(lines[at].trim())) {
      String rest = lines[at].substring(indent + 1);
      if (withoutComment(rest.trim()).isEmpty()) {
        at++;
        list.add(next() && indent() > indent ? block(indent(), depth + 1) : "");
      } else {
        // What follows the dash is a block of its own that begins where it stands.
        lines[at] = lines[at].substring(0, indent) + ' ' + rest;
        list.add(block(indent(), depth + 1));
      }
    }
    if (at < lines.length && next() && indent() > indent) {
      throw problem("this line is indented further than the list it stands in");
    }
    return list;
  }

  private Map<String, Object> map(int indent, int depth) throws RuleException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (next() && indent() == indent && !isItem(lines[at].trim())) {
      String line = lines[at].trim();
      int end = keyEnd(line);
      if (end < 0) {
        throw problem("not 'key: value'");
      }
      String key = scalar(line.substring(0, end).trim());
      String rest = withoutComment(line.substring(end + 1).trim());
      Object value;
      if (rest.isEmpty()) {
        at++;
        boolean below =
            next() && (indent() > indent || indent() == indent && isItem(lines[at].trim()));
        value = below ? block(indent(), depth + 1) : "";
      } else if (rest.charAt(0) == '|' || rest.charAt(0) == '>') {
        value = text(indent, rest);
      } else {
        value = value(rest, depth);
      }
      if (map.put(key, value) != null) {
        throw problem("'" + key + "' stands there twice");
      }
    }
    if (next() && indent() > indent) {
      throw problem("this line is indented further than the map it stands in");
    }
    return map;
  }

  /** A literal or folded block. */
  private String text(int indent, String style) {
    StringBuilder text = new StringBuilder();
    at++;
    int own = -1;
    for (; at < lines.length; at++) {
      String line = lines[at];
      if (line.trim().isEmpty()) {
        continue;
      }
      int here = line.length() - line.replaceAll("^ +", "").length();
      if (here <= indent) {
        break;
      }
      own = own < 0 ? here : own;
      if (text.length() > 0) {
        text.append(style.charAt(0) == '|' ? '\n' : ' ');
      }
      text.append(line.substring(Math.min(own, here)));
    }
    return text.toString();
  }

  /** A value on the rest of this line, and on those below where a flow collection goes on. */
  private Object value(String first, int depth) throws RuleException {
    char open = first.charAt(0);
    if (open == '&' || open == '*' || open == '!') {
      throw problem("anchors and tags are not supported");
    }
    StringBuilder text = new StringBuilder(first);
    if (open == '[' || open == '{') {
      while (FlowText.open(text)) {
        at++;
        if (!next()) {
          throw problem("'" + open + "' has no end");
        }
        text.append(' ').append(withoutComment(lines[at].trim()));
      }
      at++;
      return new FlowText(text.toString(), at).parse(depth);
    }
    at++;
    return scalar(first);
  }

  private String scalar(String text) throws RuleException {
    return FlowText.unquoted(text, at);
  }

  /** Where a key ends: at a colon before a space or the line's end, outside of quotes. */
  private static int keyEnd(String line) {
    char first = line.charAt(0);
    if (first == '[' || first == '{') {
      return -1;
    }
    int from = 0;
    if (first == '"' || first == '\'') {
      from = FlowText.quoteEnd(line, 0) + 1;
      if (from == 0) {
        return -1;
      }
    }
    for (int i = line.indexOf(':', from); i >= 0; i = line.indexOf(':', i + 1)) {
      if (i + 1 == line.length() || line.charAt(i + 1) == ' ') {
        return i;
      }
    }
    return -1;
  }

  /** The text in front of a comment. */
  private static String withoutComment(String text) {
    if (text.startsWith("#")) {
      return "";
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean begins = i == 0 || " [{,".indexOf(text.charAt(i - 1)) >= 0;
      if ((c == '"' || c == '\'') && begins) {
        int end = FlowText.quoteEnd(text, i);
        i = end < 0 ? text.length() : end;
      } else if (c == '#' && i > 0 && text.charAt(i - 1) == ' ') {
        return text.substring(0, i).trim();
      }
    }
    return text;
  }
}
