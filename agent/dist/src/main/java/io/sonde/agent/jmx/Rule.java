package io.sonde.agent.jmx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** One rule of the file: which attributes it is for, and what becomes of them. */
final class Rule {
  static final Set<String> KNOWN =
      new TreeSet<>(
          Arrays.asList(
              "pattern",
              "name",
              "value",
              "valueFactor",
              "labels",
              "help",
              "type",
              "attrNameSnakeCase",
              "cache"));

  final @Nullable Pattern pattern;
  final @Nullable String name;
  final @Nullable String value;
  final double factor;
  final @Nullable String help;
  final boolean counter;
  final boolean snakeCase;
  final Map<String, String> labels = new LinkedHashMap<>();

  Rule(Map<?, ?> from) throws RuleException {
    String regex = text(from, "pattern");
    try {
      // As the JMX exporter has it: the pattern may stand anywhere in the text.
      pattern = regex == null ? null : Pattern.compile("^.*(?:" + regex + ").*$");
    } catch (PatternSyntaxException e) {
      throw new RuleException("pattern '" + regex + "': " + e.getDescription());
    }
    name = text(from, "name");
    value = text(from, "value");
    help = text(from, "help");
    factor = factor(text(from, "valueFactor"));
    counter = counter(text(from, "type"));
    snakeCase = Boolean.parseBoolean(text(from, "attrNameSnakeCase"));
    Object given = from.get("labels");
    if (given instanceof Map) {
      ((Map<?, ?>) given).forEach((key, label) -> labels.put(key.toString(), label.toString()));
    } else if (given != null && !given.equals("")) {
      throw new RuleException("labels is not a map: " + given);
    }
    if (name == null && (!labels.isEmpty() || value != null || help != null)) {
      throw new RuleException("a rule with labels, help or a value must have a name: " + from);
    }
    if (name != null && pattern == null) {
      throw new RuleException("a rule with a name must have a pattern: " + name);
    }
    checkGroups();
  }

  /** What would fail at each bean fails here, once. */
  private void checkGroups() throws RuleException {
    if (pattern == null) {
      return;
    }
    int groups = pattern.matcher("").groupCount();
    List<@Nullable String> texts = new ArrayList<>(Arrays.asList(name, value, help));
    texts.addAll(labels.keySet());
    texts.addAll(labels.values());
    for (String text : texts) {
      for (int i = 0; text != null && i < text.length() - 1; i++) {
        char next = text.charAt(i + 1);
        if (text.charAt(i) == '$' && digit(next) && next - '0' > groups) {
          throw new RuleException("pattern has no group $" + next + " for '" + text + "'");
        }
        i += text.charAt(i) == '\\' ? 1 : 0;
      }
    }
  }

  private static @Nullable String text(Map<?, ?> from, String key) throws RuleException {
    Object value = from.get(key);
    if (value instanceof Map || value instanceof Iterable) {
      throw new RuleException(key + " is not a text: " + value);
    }
    return value == null ? null : value.toString();
  }

  private static double factor(@Nullable String text) throws RuleException {
    try {
      return text == null ? 1 : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new RuleException("valueFactor is not a number: " + text);
    }
  }

  private static boolean counter(@Nullable String type) throws RuleException {
    String wanted = type == null ? "UNTYPED" : type;
    switch (wanted) {
      case "COUNTER":
        return true;
      case "GAUGE":
      case "UNTYPED":
      case "UNKNOWN":
        return false;
      default:
        throw new RuleException("type is not COUNTER, GAUGE or UNTYPED: " + type);
    }
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }

  /** A text of the rule with what the pattern's groups found in the place of $1, $2 and so on. */
  static String filled(String text, Matcher found) throws RuleException {
    StringBuilder filled = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '$' && i + 1 < text.length() && digit(text.charAt(i + 1))) {
        int group = text.charAt(++i) - '0';
        while (i + 1 < text.length()
            && digit(text.charAt(i + 1))
            && group * 10 + text.charAt(i + 1) - '0' <= found.groupCount()) {
          group = group * 10 + text.charAt(++i) - '0';
        }
        if (group > found.groupCount()) {
          throw new RuleException("there is no group $" + group + " for '" + text + "'");
        }
        String value = found.group(group);
        filled.append(value == null ? "" : value);
      } else if (c == '\\' && i + 1 < text.length()) {
        filled.append(text.charAt(++i));
      } else {
        filled.append(c);
      }
    }
    return filled.toString();
  }
}
