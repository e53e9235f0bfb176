package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import io.sonde.testing.Ports;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A real Prometheus 3 that scrapes, takes what is written to it, and is asked what it knows. */
final class Prometheus implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final List<String> command;
  private Backend server;

  /** A value at a time in seconds. */
  record Sample(double time, double value) {}

  /** Starts it with that configuration, in that folder; its data are kept there. */
  Prometheus(Path folder, String configuration) throws Exception {
    this.folder = Files.createDirectories(folder);
    port = Ports.free();
    Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
    command =
        List.of(
            Backend.program("prometheus", "prometheus"),
            "--config.file=" + file,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port,
            "--web.enable-otlp-receiver",
            "--web.enable-remote-write-receiver",
            "--enable-feature=exemplar-storage");
    start();
  }

  /** Starts it again, with the data and at the address that it had. */
  void start() throws Exception {
    server = Backend.start(folder.resolve("prometheus.log"), command);
    server.awaitReady(url() + "/-/ready", Duration.ofSeconds(60));
  }

  /** Ends it without a chance to say anything. */
  void kill() {
    server.kill();
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The series that a query has now. */
  JsonArray query(String promql) throws Exception {
    return result(promql, "");
  }

  private JsonArray result(String promql, String more) throws Exception {
    String encoded = URLEncoder.encode(promql, StandardCharsets.UTF_8);
    String body = Backend.get(url() + "/api/v1/query?query=" + encoded + more).body();
    assertEquals("success", Json.at(body, "status").getAsString(), () -> promql + ": " + body);
    return Json.at(body, "data", "result").getAsJsonArray();
  }

  /** The value of a query that has one series at most. */
  double value(String promql) throws Exception {
    return only(promql, query(promql));
  }

  double value(String promql, double time) throws Exception {
    return only(promql, result(promql, String.format(Locale.ROOT, "&time=%.3f", time)));
  }

  private static double only(String promql, JsonArray result) {
    if (result.isEmpty()) {
      return Double.NaN;
    }
    assertEquals(1, result.size(), () -> promql + ": " + result);
    return result.get(0).getAsJsonObject().getAsJsonArray("value").get(1).getAsDouble();
  }

  void awaitValue(String promql, double expected) throws Exception {
    double value = -1;
    for (int i = 0; i < 900 && Double.compare(value, expected) != 0; i++) {
      Thread.sleep(100);
      value = value(promql);
    }
    assertEquals(expected, value, promql);
  }

  /** Waits until it has series: there are none for a while after a scrape that took too long. */
  void awaitSeries(String promql) throws Exception {
    boolean there = !query(promql).isEmpty();
    for (int i = 0; i < 300 && !there; i++) {
      Thread.sleep(100);
      there = !query(promql).isEmpty();
    }
    assertTrue(there, promql);
  }

  /** The samples of one series as they came, such as {@code up{job="shop"}[1m]}. */
  List<Sample> samples(String range) throws Exception {
    JsonArray result = query(range);
    assertEquals(1, result.size(), () -> range + ": " + result);
    List<Sample> samples = new ArrayList<>();
    for (JsonElement one : result.get(0).getAsJsonObject().getAsJsonArray("values")) {
      JsonArray pair = one.getAsJsonArray();
      samples.add(new Sample(pair.get(0).getAsDouble(), pair.get(1).getAsDouble()));
    }
    return samples;
  }

  /** The exemplars of the last minutes: a list of series with theirs. */
  JsonArray exemplars(String selector) throws Exception {
    long now = System.currentTimeMillis() / 1000;
    String body =
        Backend.get(
                url()
                    + "/api/v1/query_exemplars?start="
                    + (now - 600)
                    + "&end="
                    + (now + 10)
                    + "&query="
                    + URLEncoder.encode(selector, StandardCharsets.UTF_8))
            .body();
    assertEquals("success", Json.at(body, "status").getAsString(), body);
    return Json.at(body, "data").getAsJsonArray();
  }

  @Override
  public void close() {
    server.close();
  }
}
