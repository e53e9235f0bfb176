package io.sonde.agent.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The report's lines, of one library or class where one was asked for, sorted by library. */
final class ReportLines {
  private final Map<String, String[]> lines = new TreeMap<>();
  private final Set<String> seen = new TreeSet<>();

  /** By instrumentation and loader, which one is woven there for the library's version. */
  private final Map<String, String> others = new HashMap<>();

  ReportLines(Properties properties, @Nullable String wanted) {
    List<String[]> all = new ArrayList<>();
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(Why.LINE)) {
        all.add(properties.getProperty(name).split("\t", -1));
      }
    }
    for (String[] fields : all) {
      seen.add(fields[1]);
      if (wanted == null || matches(fields, wanted)) {
        lines.put(fields[1] + '\t' + fields[2] + '\t' + fields[3] + '\t' + fields[0], fields);
      }
      if (fields[0].equals("woven")) {
        findOthers(fields, all);
      }
    }
  }

  /** jetty and jetty12 have targets of the same names: one of the two is not meant. */
  private void findOthers(String[] woven, List<String[]> all) {
    for (String[] fields : all) {
      if (fields[0].equals("skipped")
          && fields[2].equals(woven[2])
          && fields[3].equals(woven[3])
          && !fields[1].equals(woven[1])
          && withoutVersion(fields[1]).equals(withoutVersion(woven[1]))) {
        others.put(fields[1] + '\t' + fields[3], woven[1]);
      }
    }
  }

  private static String withoutVersion(String library) {
    int end = library.length();
    while (end > 0 && Character.isDigit(library.charAt(end - 1))) {
      end--;
    }
    return library.substring(0, end);
  }

  private static boolean matches(String[] fields, String wanted) {
    String type = fields[2].replace('/', '.');
    return fields[1].equalsIgnoreCase(wanted) || type.equals(wanted) || type.endsWith('.' + wanted);
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  Set<String> unseen(Set<String> libraries) {
    Set<String> unseen = new TreeSet<>(libraries);
    unseen.removeAll(seen);
    return unseen;
  }

  void print(PrintStream out) {
    for (String[] fields : lines.values()) {
      // outcome, library, class, loader, source, detail
      String source = fields[4].isEmpty() ? fields[3] : fields[4];
      out.println(
          String.format(
              Locale.ROOT,
              "%-8s %-18s %s  [%s]%s",
              fields[0],
              fields[1],
              fields[2].replace('/', '.'),
              source,
              detail(fields)));
    }
  }

  private String detail(String[] fields) {
    String other = others.get(fields[1] + '\t' + fields[3]);
    if (other != null && fields[0].equals("skipped")) {
      return ": for other versions, " + other + " is woven here (" + fields[5] + ')';
    }
    return fields[5].isEmpty() ? "" : ": " + fields[5];
  }
}
