package io.sonde.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what comes to /ingest as a form, and names the series as Pyroscope does. */
final class IngestForm {
  private static final Pattern SHOWN =
      Pattern.compile("\"(\\w+)\":\\{[^}]*\"display-name\":\"([^\"]+)\"");

  private IngestForm() {}

  static ReceivedProfile read(String query, String contentType, byte[] body) throws IOException {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      parameters.put(
          PyroscopeSink.decode(pair.substring(0, equals)),
          PyroscopeSink.decode(pair.substring(equals + 1)));
    }
    if (parameters.containsKey("format")) {
      throw new IOException("a form is only read where no format is given");
    }
    Map<String, byte[]> parts = parts(contentType, body);
    byte[] pprof = parts.get("profile");
    if (pprof == null) {
      throw new IOException("no profile among " + parts.keySet());
    }
    Map<String, String> labels = labels(parameters.getOrDefault("name", ""));
    labels.put("pyroscope_spy", parameters.getOrDefault("spyName", "unknown"));
    ReceivedProfile unnamed = ReceivedProfile.of(labels, pprof);
    labels.put("__name__", name(unnamed, shown(parts.get("sample_type_config"))));
    return ReceivedProfile.of(labels, pprof);
  }

  /** As the server does: by the names of the sample types, or those that stand for them. */
  private static String name(ReceivedProfile profile, Map<String, String> shown) {
    String name = "";
    for (String type : profile.types()) {
      name = type.split(":", -1)[1];
      if (name.equals("wall")) {
        return name;
      }
    }
    for (String type : profile.types()) {
      name = type.split(":", -1)[1];
      name = shown.getOrDefault(name, name);
      if (name.contains("cpu")) {
        return "process_cpu";
      }
      if (name.contains("alloc_")
          || name.contains("inuse_")
          || name.equals("space")
          || name.equals("objects")) {
        return "memory";
      }
      for (String known : List.of("mutex", "block")) {
        if (name.contains(known + "_")) {
          return known;
        }
      }
    }
    return name;
  }

  /** Names to be shown by sample types; what the request says of some goes before all of these. */
  private static Map<String, String> shown(byte @Nullable [] config) {
    if (config == null) {
      return Map.of("samples", "cpu", "contentions", "mutex_count", "delay", "mutex_duration");
    }
    Map<String, String> shown = new HashMap<>();
    Matcher each = SHOWN.matcher(new String(config, StandardCharsets.UTF_8));
    while (each.find()) {
      shown.put(each.group(1), each.group(2));
    }
    return shown;
  }

  private static Map<String, String> labels(String name) throws IOException {
    Map<String, String> labels = new TreeMap<>();
    int brace = name.indexOf('{');
    if (brace < 0 || !name.endsWith("}")) {
      throw new IOException("no labels in " + name);
    }
    labels.put("service_name", name.substring(0, brace));
    for (String pair : name.substring(brace + 1, name.length() - 1).split(",")) {
      if (!pair.isEmpty()) {
        labels.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
      }
    }
    return labels;
  }

  private static Map<String, byte[]> parts(String contentType, byte[] body) throws IOException {
    int at = contentType.indexOf("boundary=");
    if (!contentType.startsWith("multipart/form-data") || at < 0) {
      throw new IOException("not a form: " + contentType);
    }
    String text = new String(body, StandardCharsets.ISO_8859_1);
    Map<String, byte[]> parts = new HashMap<>();
    for (String part : text.split("--" + Pattern.quote(contentType.substring(at + 9)))) {
      int blank = part.indexOf("\r\n\r\n");
      int name = part.indexOf("name=\"");
      if (blank > 0 && name > 0) {
        String key = part.substring(name + 6, part.indexOf('"', name + 6));
        String content = part.substring(blank + 4, part.length() - 2);
        parts.put(key, content.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return parts;
  }
}
