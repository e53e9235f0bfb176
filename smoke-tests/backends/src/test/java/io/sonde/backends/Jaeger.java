package io.sonde.backends;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.sonde.testing.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A real Jaeger 2 with traces in memory, and what it answers. */
final class Jaeger implements AutoCloseable {
  private final int otlp = Ports.free();
  private final int query = Ports.free();
  private final int sampling = Ports.free();
  private final Backend server;

  /** Starts it over the metrics there, with the sampling strategies of that file. */
  Jaeger(Path log, String prometheus, String strategies) throws Exception {
    server =
        Backend.start(
            log,
            List.of(Backend.program("jaeger", "jaeger"), "--config", "jaeger/config.yaml"),
            Map.of(
                "OTEL_TRACES_SAMPLER", "always_off", // else it sends traces of itself
                "PROMETHEUS", prometheus,
                "STRATEGIES", strategies,
                "OTLP_PORT", Integer.toString(otlp),
                "QUERY_PORT", Integer.toString(query),
                "QUERY_GRPC_PORT", Integer.toString(Ports.free()),
                "SAMPLING_HTTP_PORT", Integer.toString(Ports.free()),
                "SAMPLING_PORT", Integer.toString(sampling)));
    server.awaitReady(url() + "/api/services", Duration.ofSeconds(60));
  }

  private String url() {
    return "http://127.0.0.1:" + query;
  }

  /** For OTEL_EXPORTER_OTLP_TRACES_ENDPOINT. */
  String traces() {
    return "http://127.0.0.1:" + otlp + "/v1/traces";
  }

  /** Where strategies are asked for, by gRPC. */
  String sampling() {
    return "http://127.0.0.1:" + sampling;
  }

  /** The spans of a trace by their ids, with the names of their services. */
  Map<String, String> trace(String id) throws Exception {
    Map<String, String> spans = new TreeMap<>();
    JsonElement found = Json.at(Backend.get(url() + "/api/traces/" + id).body(), "data");
    for (JsonElement trace : found.getAsJsonArray()) {
      JsonObject processes = trace.getAsJsonObject().getAsJsonObject("processes");
      for (JsonElement span : trace.getAsJsonObject().getAsJsonArray("spans")) {
        JsonObject process = processes.getAsJsonObject(Json.text(span, "processID"));
        spans.put(Json.text(span, "spanID"), Json.text(process, "serviceName"));
      }
    }
    return spans;
  }

  /**
   * What its Monitor page shows of a service at that time, by operation: {@code calls}, {@code
   * errors} or {@code latencies}, over so many seconds.
   */
  Map<String, Double> metrics(String what, String service, double time, int seconds, String more)
      throws Exception {
    long millis = Math.round(time * 1000);
    String body =
        Backend.get(
                url()
                    + ("/api/metrics/" + what + "?service=" + service)
                    + ("&endTs=" + millis + "&lookback=1000&step=1000&ratePer=" + seconds * 1000)
                    + ("&groupByOperation=true&spanKind=server" + more))
            .body();
    Map<String, Double> values = new TreeMap<>();
    for (JsonElement metric : Json.at(body, "metrics").getAsJsonArray()) {
      JsonArray points = metric.getAsJsonObject().getAsJsonArray("metricPoints");
      JsonElement last = points.get(points.size() - 1);
      JsonObject value = last.getAsJsonObject().getAsJsonObject("gaugeValue");
      for (JsonElement label : metric.getAsJsonObject().getAsJsonArray("labels")) {
        if (Json.text(label, "name").equals("operation")) {
          values.put(Json.text(label, "value"), value.get("doubleValue").getAsDouble());
        }
      }
    }
    return values;
  }

  /** Ends it without a chance to say anything. */
  void kill() {
    server.kill();
  }

  @Override
  public void close() {
    server.close();
  }
}
