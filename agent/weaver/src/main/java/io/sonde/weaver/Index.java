package io.sonde.weaver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which rules a class name has: one hash probe for each loaded class.
 *
 * <p>Names that {@link io.sonde.core.Discovery} finds at run time are in a second, bounded table
 * that is only looked at when it holds something.
 */
final class Index {
  private static final int MAX_DISCOVERED = 2000;

  /** What a name has that is only watched for. */
  static final Rule[] WATCHED = {};

  private final Rule[] rules;
  private final Map<String, Rule[]> byName;
  private final Map<String, Rule[]> byRole = new HashMap<>();
  private final Map<String, Rule[]> discovered = new ConcurrentHashMap<>();
  private volatile boolean anyDiscovered;

  Index(List<String> lines, Weaver.Enabled enabled) {
    rules = new Rule[lines.size()];
    byName = new HashMap<>(lines.size() * 4);
    for (int i = 0; i < rules.length; i++) {
      Rule rule = rules[i] = new Rule(i, lines.get(i));
      if (!enabled.contains(rule.library())) {
        rule.off = true;
        continue;
      }
      for (String type : rule.types) {
        add(type.charAt(0) == '@' ? byRole : byName, type, rule);
      }
    }
  }

  private static void add(Map<String, Rule[]> map, String key, Rule rule) {
    Rule[] old = map.get(key);
    Rule[] all = old == null ? new Rule[1] : Arrays.copyOf(old, old.length + 1);
    all[all.length - 1] = rule;
    map.put(key, all);
  }

  Rule @Nullable [] of(String name) {
    Rule[] found = byName.get(name);
    return found != null || !anyDiscovered ? found : discovered.get(name);
  }

  /** A class of that name is to be noticed, not woven. */
  void watch(String name) {
    byName.put(name, WATCHED);
  }

  Rule rule(int id) {
    return rules[id];
  }

  int size() {
    return rules.length;
  }

  /** Adds the role's rules to a class name; false where it has them already or there is no room. */
  synchronized boolean discover(String name, String role) {
    Rule[] added = byRole.get('@' + role);
    if (added == null || byName.containsKey(name) || discovered.size() >= MAX_DISCOVERED) {
      return false;
    }
    Rule[] old = discovered.get(name);
    List<Rule> all = new ArrayList<>();
    if (old != null) {
      for (Rule rule : old) {
        all.add(rule);
      }
    }
    int before = all.size();
    for (Rule rule : added) {
      if (!all.contains(rule)) {
        all.add(rule);
      }
    }
    if (all.size() == before) {
      return false;
    }
    discovered.put(name, all.toArray(new Rule[0]));
    anyDiscovered = true;
    return true;
  }
}
