package io.sonde.agent.jmx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
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
  private static final List<String> JVM =
      Arrays.asList(
          "com.sun.management*:*",
          "java.lang:*",
          "java.nio:*",
          "java.util.logging:*",
          "javax.management*:*",
          "jdk.internal*:*",
          "jdk.management*:*",
          "sun.management*:*");

  /** To read it starts Flight Recorder, and there is no number in it. */
  private static final String RECORDER = "jdk.management.jfr:type=FlightRecorder";

  private static final String RUNTIME = "java.lang:type=Runtime";

  /** Long texts that no rule is for. */
  private static final List<String> TEXTS =
      Arrays.asList("SystemProperties", "ClassPath", "BootClassPath", "LibraryPath");

  private static final Set<String> KNOWN =
      new TreeSet<>(
          Arrays.asList(
              "lowercaseOutputName",
              "lowercaseOutputLabelNames",
              "whitelistObjectNames",
              "includeObjectNames",
              "blacklistObjectNames",
              "excludeObjectNames",
              "includeObjectNameAttributes",
              "excludeObjectNameAttributes",
              "inferCounterTypeFromName",
              "excludeJvmMetrics",
              "rules",
              // What these are for is so by itself.
              "autoExcludeObjectNameAttributes",
              "startDelaySeconds"));

  final boolean lowercaseName;
  final boolean lowercaseLabels;
  final List<@Nullable ObjectName> included;
  final List<@Nullable ObjectName> excluded;
  final List<Rule> rules = new ArrayList<>();

  /** Whether what ends in _total is a counter, whatever the rule says. */
  final boolean totalsCount;

  private final Map<ObjectName, List<?>> includedAttributes;
  private final Map<ObjectName, List<?>> excludedAttributes;

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
    if (wanted.isEmpty() && flag(from, "excludeJvmMetrics")) {
      excluded.addAll(names(Collections.singletonMap("", JVM), ""));
    }
    includedAttributes = attributes(from, "includeObjectNameAttributes");
    excludedAttributes = attributes(from, "excludeObjectNameAttributes");
    totalsCount = flag(from, "inferCounterTypeFromName");
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

  /** Whether the bean is asked for this attribute. */
  boolean wants(ObjectName bean, String attribute) {
    return (includedAttributes.isEmpty() || has(includedAttributes, bean, attribute))
        && !has(excludedAttributes, bean, attribute)
        && !(TEXTS.contains(attribute) && bean.getCanonicalName().equals(RUNTIME));
  }

  /** Whether the bean is one that is never asked for anything. */
  static boolean isLeftAlone(ObjectName bean) {
    return bean.getCanonicalName().equals(RECORDER);
  }

  private static boolean has(
      Map<ObjectName, List<?>> attributes, ObjectName bean, String attribute) {
    for (Map.Entry<ObjectName, List<?>> each : attributes.entrySet()) {
      if (each.getValue().contains(attribute) && each.getKey().apply(bean)) {
        return true;
      }
    }
    return false;
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
        names.add(name(key, name));
      }
    }
    return names;
  }

  private static ObjectName name(String key, Object name) throws RuleException {
    try {
      return new ObjectName(name.toString());
    } catch (MalformedObjectNameException e) {
      throw new RuleException(key + ": '" + name + "' is no object name: " + e.getMessage());
    }
  }

  /** The attributes of beans, by the beans' names. */
  private static Map<ObjectName, List<?>> attributes(Map<?, ?> from, String key)
      throws RuleException {
    Object value = from.get(key);
    Map<ObjectName, List<?>> attributes = new LinkedHashMap<>();
    if (value != null && !value.equals("") && !(value instanceof Map)) {
      throw new RuleException(key + " is not a map: " + value);
    }
    if (value instanceof Map) {
      for (Object name : ((Map<?, ?>) value).keySet()) {
        attributes.put(name(key, name), list((Map<?, ?>) value, name.toString()));
      }
    }
    return attributes;
  }
}
