package io.sonde.exporters.pyroscope;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The labels that every profile of this process has: few, and of few values. */
final class StaticLabels {
  private static final int MAX_VALUE = 2048;

  /** Resource attribute, and the label that Pyroscope and Grafana look for. */
  private static final String[][] FROM_RESOURCE = {
    {"service.namespace", "service_namespace"},
    {"service_repository", "service_repository"},
    {"vcs.repository.url.full", "service_repository"},
    {"service_git_ref", "service_git_ref"},
    {"vcs.ref.head.revision", "service_git_ref"},
    {"service_root_path", "service_root_path"},
  };

  private StaticLabels() {}

  /** Labels in order: the service's name, what the user set, what the resource says. */
  static Map<String, String> of(Server server, Map<String, Object> resource) {
    Map<String, String> labels = new LinkedHashMap<>();
    Object service = server.name != null ? server.name : resource.get("service.name");
    put(labels, "service_name", service == null ? "unknown_service" : service);
    // What the Pyroscope agent calls itself: the source view and dashboards go by it.
    put(labels, "pyroscope_spy", "javaspy");
    for (Map.Entry<String, String> label : server.labels.entrySet()) {
      put(labels, label.getKey(), label.getValue());
    }
    for (String[] names : FROM_RESOURCE) {
      if (!labels.containsKey(names[1])) {
        put(labels, names[1], resource.get(names[0]));
      }
    }
    return labels;
  }

  private static void put(Map<String, String> labels, String name, @Nullable Object value) {
    String text = value == null ? "" : String.valueOf(value);
    if (!text.isEmpty()) {
      labels.put(name, bounded(text));
    }
  }

  /** Servers count bytes. */
  private static String bounded(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      if (bytes > MAX_VALUE) {
        return text.substring(0, i);
      }
    }
    return text;
  }

  /** Whether a server takes a label of this name. */
  static boolean valid(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
      if (!letter && (i == 0 || (c < '0' || c > '9') && c != '.')) {
        return false;
      }
    }
    return !name.isEmpty() && name.length() <= 1024 && !name.startsWith("__");
  }
}
