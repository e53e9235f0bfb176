package io.sonde.agent.jmx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** The rule file, as far as it is about beans of this JVM. */
final class Rules {
  private static final List<String> ELSEWHERE = Arrays.asList("hostPort", "jmxUrl");
  private static final Set<String> KNOWN =
      new TreeSet<>(
          Arrays.asList(
              "lowercaseOutputName",
              "lowercaseOutputLabelNames",
              "whitelistObjectNames",
              "includeObjectNames",
              "blacklistObjectNames",
              "excludeObjectNames",
              "rules",
              "startDelaySeconds"));

  final boolean lowercaseName;
  final boolean lowercaseLabels;
  final List<@Nullable ObjectName> included;
  final List<@Nullable ObjectName> excluded;
  final List<Rule> rules = new ArrayList<>();

  /** What the file says beyond that, which has no effect. */
  final Set<String> ignored = new TreeSet<>();

  private Rules(Map<?, ?> from) throws RuleException {
    for (Object key : from.keySet()) {
      if (ELSEWHERE.contains(key)) {
        throw new RuleException(
            key + " is for another JVM; rules are for the one that has the agent");
      }
      if (!KNOWN.contains(key)) {
        ignored.add(key.toString());
      }
    }
    lowercaseName = flag(from, "lowercaseOutputName");
    lowercaseLabels = flag(from, "lowercaseOutputLabelNames");
    List<@Nullable ObjectName> wanted = names(from, "includeObjectNames", "whitelistObjectNames");
    included = wanted.isEmpty() ? Collections.singletonList(null) : wanted;
    excluded = names(from, "excludeObjectNames", "blacklistObjectNames");
    for (Object rule : list(from, "rules")) {
      if (!(rule instanceof Map)) {
        throw new RuleException("a rule is not a map: " + rule);
      }
      rules.add(new Rule((Map<?, ?>) rule));
      for (Object key : ((Map<?, ?>) rule).keySet()) {
        if (!Rule.KNOWN.contains(key)) {
          ignored.add(key + " of a rule");
        }
      }
    }
    if (rules.isEmpty()) {
      rules.add(new Rule(Collections.emptyMap()));
    }
  }

  /** Reads the file's text. */
  static Rules of(String text) throws RuleException {
    Object document = YamlText.parse(text);
    if (document != null && !(document instanceof Map)) {
      throw new RuleException("the file is not a map of settings");
    }
    return new Rules(document == null ? Collections.emptyMap() : (Map<?, ?>) document);
  }

  private static boolean flag(Map<?, ?> from, String key) {
    return Boolean.parseBoolean(String.valueOf(from.get(key)));
  }

  private static List<?> list(Map<?, ?> from, String key) throws RuleException {
    Object value = from.get(key);
    if (value == null || value.equals("")) {
      return Collections.emptyList();
    }
    if (!(value instanceof List)) {
      throw new RuleException(key + " is not a list: " + value);
    }
    return (List<?>) value;
  }

  private static List<@Nullable ObjectName> names(Map<?, ?> from, String... keys)
      throws RuleException {
    List<@Nullable ObjectName> names = new ArrayList<>();
    for (String key : keys) {
      for (Object name : list(from, key)) {
        try {
          names.add(new ObjectName(name.toString()));
        } catch (MalformedObjectNameException e) {
          throw new RuleException(key + ": '" + name + "' is no object name: " + e.getMessage());
        }
      }
    }
    return names;
  }
}
