package io.sonde.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads what comes to /ingest as a form, and names the series as Pyroscope does. */
final class IngestForm {
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
    byte[] config = parts.getOrDefault("sample_type_config", new byte[0]);
    labels.put("__name__", name(unnamed, new String(config, StandardCharsets.UTF_8)));
    return ReceivedProfile.of(labels, pprof);
  }

  /** By the sample types: the server is not told. */
  private static String name(ReceivedProfile profile, String config) {
    String types = profile.types().toString();
    if (types.contains(":wall:")) {
      return "wall";
    }
    if (types.contains(":cpu:")) {
      return "process_cpu";
    }
    if (types.contains(":alloc_") || types.contains(":inuse_")) {
      return "memory";
    }
    if (types.contains(":contentions:")) {
      return config.contains("block_") ? "block" : "mutex";
    }
    return profile.types().get(0).split(":", -1)[1];
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
    for (String part :
        text.split("--" + java.util.regex.Pattern.quote(contentType.substring(at + 9)))) {
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
