package io.sonde.weaver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final Set<String> withState = new HashSet<>();
  private final Map<String, String> roleOfInterface = new HashMap<>();
  private String[] interfaceNames = {};
  private final Map<String, Rule[]> discovered = new ConcurrentHashMap<>();
  private volatile boolean anyDiscovered;

  Index(List<String> lines, Weaver.Enabled enabled) {
    List<Rule> all = new ArrayList<>(lines.size());
    List<String> members = new ArrayList<>();
    byName = new HashMap<>(lines.size() * 4);
    for (String line : lines) {
      if (line.charAt(0) == '@') {
        members.add(line);
        continue;
      }
      Rule rule = new Rule(all.size(), line);
      all.add(rule);
      if (!enabled.contains(rule.library())) {
        rule.off = true;
        continue;
      }
      for (String type : rule.types) {
        add(type.charAt(0) == '@' ? byRole : byName, type, rule);
      }
    }
    rules = all.toArray(new Rule[0]);
    for (String member : members) {
      addMember(member.split("\t"));
    }
  }

  private void addMember(String[] fields) {
    Rule[] ofRole = byRole.get(fields[0]);
    for (String type : fields[1].isEmpty() ? new String[0] : fields[1].split(" ")) {
      for (int i = 0; ofRole != null && i < ofRole.length; i++) {
        add(byName, type, ofRole[i]);
      }
      if (ofRole != null && fields[2].equals("S")) {
        withState.add(type);
      }
    }
    if (ofRole != null && !fields[3].equals("-")) {
      roleOfInterface.put(fields[3], fields[0].substring(1));
      int names = interfaceNames.length;
      interfaceNames = Arrays.copyOf(interfaceNames, names + 1);
      interfaceNames[names] = fields[3].substring(fields[3].lastIndexOf('.') + 1);
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

  /** The names that are woven or watched for and those of interfaces with a role, dots in them. */
  Set<String> dottedNames() {
    Set<String> names = new HashSet<>(2 * (byName.size() + roleOfInterface.size()));
    for (String name : byName.keySet()) {
      names.add(name.replace('/', '.'));
    }
    names.addAll(roleOfInterface.keySet());
    return names;
  }

  /** Whether objects of this class carry something of ours in a field. */
  boolean hasState(String name, List<Rule> itsRules) {
    for (Rule rule : itsRules) {
      if (rule.state) {
        return true;
      }
    }
    return withState.contains(name);
  }

  /** The role of what implements the interface of that name, dots in it, or null. */
  @Nullable String roleOfInterface(String name) {
    return roleOfInterface.get(name);
  }

  /**
   * Whether a class without rules is to be looked at: its name ends like that of an interface whose
   * implementations have a role.
   */
  boolean mayImplement(String name) {
    for (String end : interfaceNames) {
      if (name.endsWith(end)) {
        return true;
      }
    }
    return false;
  }

  /** Gives a class the role of an interface that it names itself; its rules now, or null. */
  Rule @Nullable [] implementing(String name, String[] interfaces) {
    for (String one : interfaces) {
      String role = roleOfInterface.get(one.replace('/', '.'));
      if (role != null) {
        discover(name, role);
      }
    }
    return of(name);
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

  /** Gives a class name the role's rules; false where it has them by name or there is no room. */
  synchronized boolean discover(String name, String role) {
    Rule[] added = byRole.get('@' + role);
    if (added == null || byName.containsKey(name)) {
      return false;
    }
    Rule[] old = discovered.get(name);
    if (old == null && discovered.size() >= MAX_DISCOVERED) {
      return false;
    }
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
    if (all.size() > before) {
      discovered.put(name, all.toArray(new Rule[0]));
      anyDiscovered = true;
    }
    return true;
  }
}
