package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The exemplars that Prometheus answered with, and whether Jaeger has what they lead to. */
final class Exemplars {
  private final Jaeger jaeger;
  private final Map<String, Set<String>> spansOfTraces = new HashMap<>();

  Exemplars(Jaeger jaeger) {
    this.jaeger = jaeger;
  }

  /** Keeps their ids; each of those metrics must have some. */
  void read(JsonArray series, String job, List<String> metrics) {
    Map<String, Integer> counts = new HashMap<>();
    for (JsonElement one : series) {
      JsonObject labels = one.getAsJsonObject().getAsJsonObject("seriesLabels");
      JsonArray exemplars = one.getAsJsonObject().getAsJsonArray("exemplars");
      String metric = Json.text(labels, "__name__").replaceFirst("_bucket$", "");
      counts.merge(metric, exemplars.size(), Integer::sum);
      for (JsonElement exemplar : exemplars) {
        JsonObject ids = exemplar.getAsJsonObject().getAsJsonObject("labels");
        spansOfTraces
            .computeIfAbsent(Json.text(ids, "trace_id"), id -> new HashSet<>())
            .add(Json.text(ids, "span_id"));
      }
    }
    System.out.println("exemplars of " + job + ": " + counts);
    for (String metric : metrics) {
      assertTrue(counts.getOrDefault(metric, 0) >= 5, () -> metric + " of " + job + ": " + counts);
    }
  }

  /** Asks for each trace, until all that is under way has arrived. */
  void assertTracesAreThere() throws Exception {
    Set<String> missing = new TreeSet<>();
    boolean across = false;
    for (Map.Entry<String, Set<String>> trace : spansOfTraces.entrySet()) {
      Map<String, String> spans = jaeger.trace(trace.getKey());
      for (int i = 0; i < 20 && !spans.keySet().containsAll(trace.getValue()); i++) {
        Thread.sleep(100);
        spans = jaeger.trace(trace.getKey());
      }
      if (!spans.keySet().containsAll(trace.getValue())) {
        missing.add(trace.getKey());
      }
      across |= spans.containsValue("shop") && spans.containsValue("stock");
    }
    System.out.println(spansOfTraces.size() + " traces of exemplars, not found: " + missing);
    assertEquals(Set.of(), missing, "each exemplar's trace is in Jaeger, with the exemplar's span");
    assertTrue(across, "some go through both services");
  }
}
