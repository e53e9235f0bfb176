package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The series of a job with their values, without what depends on the way that they took. */
final class Series {
  private static final Set<String> OF_THE_WAY =
      Set.of("job", "instance", "otel_scope_name", "otel_scope_version");

  private static final String CALLS =
      "(http_(server|client)_request_duration|db_client_operation_duration|http_server_requests"
          + "|traces_.*)_(seconds_|milliseconds_|latency_)?(count|sum|bucket|total)";

  /** Those that are there from the first call on and do not come and go. */
  private static final Pattern STEADY =
      Pattern.compile(
          CALLS + "|target_info|jvm_class_.*|jvm_memory_.*|otel_sdk_(processor|exporter_span)_.*");

  private final Map<String, String> values = new TreeMap<>();

  private Series() {}

  private static Series of(Prometheus prometheus, String job) throws Exception {
    Series series = new Series();
    for (JsonElement one : prometheus.query("{job=\"" + job + "\"}")) {
      JsonArray value = one.getAsJsonObject().getAsJsonArray("value");
      if (value != null) { // else a native histogram
        series.add(one.getAsJsonObject().getAsJsonObject("metric"), value.get(1).getAsString());
      }
    }
    return series;
  }

  private void add(JsonObject metric, String value) {
    Map<String, String> labels = new TreeMap<>();
    metric.asMap().forEach((name, label) -> labels.put(name, label.getAsString()));
    String name = labels.remove("__name__");
    labels.keySet().removeAll(OF_THE_WAY);
    labels.computeIfPresent("le", (key, le) -> le.replaceFirst("\\.0$", ""));
    if (name.equals("target_info")) {
      labels.keySet().removeIf(key -> key.startsWith("service_"));
    }
    if (STEADY.matcher(name).matches()) {
      values.put(name + labels, value);
    }
  }

  /** There are the same ones by both ways, and those of calls have the same values. */
  static void assertAgree(Prometheus one, String job, Prometheus other, String otherJob)
      throws Exception {
    Series first = of(one, job);
    Series second = of(other, otherJob);
    // What is under way arrives.
    for (int i = 0; i < 50 && !first.values.keySet().equals(second.values.keySet()); i++) {
      Thread.sleep(100);
      first = of(one, job);
      second = of(other, otherJob);
    }
    assertSame(first.values.keySet(), second.values.keySet(), otherJob);
    int compared = 0;
    Pattern calls = Pattern.compile(CALLS + "\\{.*");
    for (Map.Entry<String, String> each : first.values.entrySet()) {
      if (calls.matcher(each.getKey()).matches()) {
        assertEquals(each.getValue(), second.values.get(each.getKey()), each.getKey());
        compared++;
      }
    }
    System.out.println(compared + " series of calls are the same as " + job + " and " + otherJob);
  }

  private static void assertSame(Set<String> one, Set<String> other, String what) {
    Set<String> missing = new TreeSet<>(one);
    missing.removeAll(other);
    Set<String> added = new TreeSet<>(other);
    added.removeAll(one);
    assertEquals(Set.of(), missing, "not in " + what);
    assertEquals(Set.of(), added, "in " + what + " alone");
  }
}
