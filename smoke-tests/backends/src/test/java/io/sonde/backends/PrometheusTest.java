package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.sonde.apps.Chain;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus 3 scrapes an application under load and gets the same by OTLP and by remote
 * write, and is asked what it knows.
 */
class PrometheusTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int RATE = 200;
  private static final int SECONDS = 6;
  private static final Path RULES = Path.of("..", "stack", "rules").toAbsolutePath().normalize();

  /** Their names are the conventions' own. */
  private static final Set<String> REMARKS =
      Set.of(
          "jvm_buffer_count",
          "jvm_class_count",
          "jvm_cpu_count",
          "jvm_file_descriptor_count",
          "jvm_thread_count");

  /** Jaeger asks for milliseconds. */
  private static final String JAEGERS_UNIT =
      "traces_span_metrics_duration_milliseconds use base unit \"seconds\" instead of \"milliseconds\"";

  private static final Set<String> OF_THE_WAY =
      Set.of("job", "instance", "otel_scope_name", "otel_scope_version");

  @TempDir Path folder;

  private Path programs;
  private String prometheus;

  @BeforeEach
  void find() throws Exception {
    programs = Backend.programs("prometheus");
    if (programs == null) {
      abort("Prometheus is not built here: smoke-tests/backends/build prometheus");
    }
  }

  @Test
  void underLoad_countsRatesQuantilesAndExemplarsAreRight() throws Exception {
    int scraped = Backend.freePort();
    try (Backend server = startPrometheus(scraped);
        OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.onCurrent()
                .classPathOf(Chain.class)
                .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
                .main(Chain.class)
                .agent(sink)
                .env("OTEL_SERVICE_NAME", "pushed")
                .env("OTEL_METRICS_EXPORTER", "prometheus,otlp")
                .env("OTEL_METRIC_EXPORT_INTERVAL", "500")
                .env("SONDE_METRICS_NAMES", "both")
                .env("SONDE_SPAN_METRICS", "jaeger,tempo,servicegraph")
                .env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", prometheus + "/api/v1/otlp/v1/metrics")
                .env("SONDE_REMOTE_WRITE_URL", prometheus + "/api/v1/write")
                .env("SONDE_REMOTE_WRITE_VERSION", "2")
                .env("SONDE_REMOTE_WRITE_LABELS", "job=written")
                .env("SONDE_METRICS_HISTOGRAMS", "both")
                .env("OTEL_EXPORTER_PROMETHEUS_HOST", "127.0.0.1")
                .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(scraped))
                .start()) {
      int port = app.awaitPort(LONG);
      server.awaitReady(prometheus + "/-/ready", LONG);
      load(port, RATE);
      long[] answered = load(port, RATE * SECONDS);
      String served =
          "http_server_request_duration_seconds_%s{job=\"chain\",http_route=\"/orders\"}";
      double[] window = window(served.formatted("count") + "[1m]", answered[answered.length / 10]);
      int all = RATE + RATE * SECONDS;
      awaitValue(served.formatted("count"), all);
      awaitValue(served.formatted("count").replace("chain", "pushed"), all);
      awaitValue(served.formatted("count").replace("chain", "written"), all);
      long sent = Arrays.stream(answered).filter(at -> at > window[0] && at <= window[1]).count();
      assertTrue(sent >= RATE, () -> sent + " requests in the window");
      assertEquals(1, window[2] / sent, 0.01, window[2] + " counted, sent " + sent);
      assertEquals(all, value("sum(http_client_request_duration_seconds_count{job=\"chain\"})"));
      String select =
          "db_client_operation_duration_seconds_count{job=\"chain\",db_query_summary=\"select stock\"}";
      assertEquals(all, value(select));
      double quantile =
          value(
              "histogram_quantile(0.95, sum by (le) (rate("
                  + served.formatted("bucket")
                  + "[1m])))");
      assertTrue(quantile > 0 && quantile < 10, () -> "95 % in " + quantile + " s");
      for (String job : List.of("chain", "pushed")) {
        assertOtherNames(job, all);
      }
      assertTrue(value("job:http_server_requests:rate5m{job=\"chain\"}") > 0);
      assertExemplars(sink, all);
      assertEquals(
          0, value("sum(otel_sdk_exporter_span_exported_total{job=\"chain\",error_type!=\"\"})"));
      assertNoComplaint("http://127.0.0.1:" + scraped + "/metrics");
      assertAgree("pushed");
      Map<String, String> series = assertAgree("written");
      assertNative(all, "chain", "written");
      assertOlderProtocol(sink, series.keySet());
      assertNoneOfOurs(app);
    }
  }

  /** Where the calls are shown by other names they are the same calls. */
  private void assertOtherNames(String job, int all) throws Exception {
    String of = "{job=\"" + job + "\",";
    awaitValue("http_server_requests_seconds_count" + of + "uri=\"/orders\"}", all);
    String span = of + "span_name=\"GET /orders\"}";
    awaitValue("traces_span_metrics_calls_total" + span, all);
    awaitValue("traces_span_metrics_duration_milliseconds_count" + span, all);
    awaitValue("traces_spanmetrics_latency_count" + span, all);
    awaitValue("traces_service_graph_request_total" + of + "server=\"localhost\"}", all);
    String springs =
        "histogram_quantile(0.95, sum(rate(http_server_requests_seconds_bucket"
            + of
            + "uri=\"/orders\"}[5m])) by (le))";
    double quantile = value(springs);
    assertTrue(quantile > 0 && quantile < 10, () -> "95 % in " + quantile + " s");
    String conventions =
        springs
            .replace("http_server_requests_", "http_server_request_duration_")
            .replace("uri=", "http_route=");
    assertEquals(1, value(springs + " / " + conventions), 1e-9, "by both names");
  }

  @Test
  void rules_areValid_andAlertWhenTheyShould() throws Exception {
    Path recording = RULES.resolve("recording.yml");
    Path alerts = RULES.resolve("alerts.yml");
    promtool("check", "rules", recording.toString(), alerts.toString());
    promtool("test", "rules", RULES.resolve("alerts_test.yml").toString());
  }

  private void promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(programs.resolve("promtool").toString()));
    command.addAll(List.of(arguments));
    Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, promtool.waitFor(), said);
  }

  /** Another application writes by remote write 1.0, and its series end with it. */
  private void assertOlderProtocol(OtlpSink sink, Set<String> series) throws Exception {
    String served =
        "http_server_request_duration_seconds_count{job=\"older\",http_route=\"/orders\"}";
    try (ForkedJvm app =
        ForkedJvm.onCurrent()
            .classPathOf(Chain.class)
            .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
            .main(Chain.class)
            .agent(sink)
            .env("OTEL_SERVICE_NAME", "fine")
            .env("OTEL_METRICS_EXPORTER", "otlp,remote_write")
            .env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", prometheus + "/api/v1/otlp/v1/metrics")
            .env(
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                "base2_exponential_bucket_histogram")
            .env("SONDE_METRICS_HISTOGRAMS", "both")
            .env("SONDE_REMOTE_WRITE_LABELS", "job=older")
            .env("OTEL_METRIC_EXPORT_INTERVAL", "500")
            .env("SONDE_REMOTE_WRITE_URL", prometheus + "/api/v1/write")
            .env("SONDE_REMOTE_WRITE_VERSION", "1")
            .start()) {
      load(app.awaitPort(LONG), RATE);
      awaitValue(served, RATE);
      awaitValue(
          "histogram_count(http_server_request_duration_seconds{job=\"fine\",http_route=\"/orders\"})",
          RATE);
      assertNative(RATE, "older", "fine");
      Set<String> written = new TreeSet<>(series("older").keySet());
      written.removeIf(key -> key.startsWith("target_info"));
      Set<String> scraped = new TreeSet<>(series);
      scraped.removeIf(key -> key.startsWith("target_info"));
      assertSame(scraped, written);
      app.stop(LONG);
      // Those with a colon are recorded by rules.
      awaitValue("count({job=\"older\",__name__!~\".*:.*\"})", Double.NaN);
      assertEquals(RATE, value("max_over_time(" + served + "[5m])"));
      assertNoneOfOurs(app);
    }
  }

  private static void assertNoneOfOurs(ForkedJvm app) {
    assertTrue(
        app.stderr().stream().noneMatch(line -> line.contains("[sonde]")),
        () -> app.stderr().toString());
  }

  /** Both have the same native histograms. */
  private void assertNative(int calls, String one, String other) throws Exception {
    for (String metric :
        List.of("http_server_request", "http_client_request", "db_client_operation")) {
      String sums = "%s(sum(" + metric + "_duration_seconds{job=\"%s\"}))";
      double count = value(sums.formatted("histogram_count", one));
      assertTrue(count >= calls, metric + ": " + count);
      assertEquals(count, value(sums.formatted("histogram_count", other)));
      for (String quantile : List.of("0.1", "0.5", "0.9", "0.99")) {
        String estimate = "histogram_quantile(" + quantile + ", sum(" + metric;
        double first = value(estimate + "_duration_seconds{job=\"" + one + "\"}))");
        assertTrue(first > 0 && first < 10, () -> metric + " " + quantile + ": " + first);
        assertEquals(
            first, value(estimate + "_duration_seconds{job=\"" + other + "\"}))"), first / 1e9);
      }
    }
  }

  private static void assertSame(Set<String> one, Set<String> other) {
    Set<String> missing = new TreeSet<>(one);
    missing.removeAll(other);
    Set<String> added = new TreeSet<>(other);
    added.removeAll(one);
    assertEquals(Set.of(), missing, "not there");
    assertEquals(Set.of(), added, "there alone");
  }

  /** What is scraped has the same series, and the same values for all calls. */
  private Map<String, String> assertAgree(String job) throws Exception {
    Map<String, String> scraped = series("chain");
    Map<String, String> other = series(job);
    // A scrape that takes too long leaves nothing until the next.
    for (int i = 0; i < 50 && !scraped.keySet().equals(other.keySet()); i++) {
      Thread.sleep(100);
      scraped = series("chain");
      other = series(job);
    }
    assertSame(scraped.keySet(), other.keySet());
    for (Map.Entry<String, String> one : scraped.entrySet()) {
      if (one.getKey().startsWith("http_") || one.getKey().startsWith("db_")) {
        assertEquals(one.getValue(), other.get(one.getKey()), one.getKey());
      }
    }
    return scraped;
  }

  /** The values of a job's series, without what depends on the way that they took. */
  private Map<String, String> series(String job) throws Exception {
    String body =
        query("query?query=" + URLEncoder.encode("{job=\"" + job + "\"}", StandardCharsets.UTF_8));
    Map<String, String> series = new TreeMap<>();
    Matcher one =
        Pattern.compile(
                "\"metric\":\\{((?:\"[^\"]*\":\"(?:[^\"\\\\]|\\\\.)*\",?)*)},\"value\":\\[[0-9.]+,\"([^\"]+)\"]")
            .matcher(body);
    while (one.find()) {
      Map<String, String> labels = new TreeMap<>();
      Matcher label =
          Pattern.compile("\"([^\"]*)\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(one.group(1));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
      String name = labels.remove("__name__");
      labels.keySet().removeAll(OF_THE_WAY);
      labels.computeIfPresent("le", (key, le) -> le.replaceFirst("\\.0$", ""));
      labels.computeIfPresent("server_port", (key, port) -> "any");
      if (name.equals("target_info")) {
        labels.keySet().removeIf(key -> key.startsWith("service_"));
      }
      // Those that are there from the first call on and do not come and go.
      if (name.matches(
          "(http_(server|client)_request|db_client_operation)_duration_.*|target_info|jvm_class_.*|"
              + "jvm_memory_.*|otel_sdk_(processor|exporter_span)_.*")) {
        series.put(name + labels, one.group(2));
      }
    }
    return series;
  }

  private Backend startPrometheus(int scraped) throws Exception {
    int port = Backend.freePort();
    prometheus = "http://127.0.0.1:" + port;
    Path config = folder.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 500ms}
        rule_files: ['%s/recording.yml', '%s/alerts.yml']
        scrape_configs:
          - job_name: chain
            scrape_native_histograms: true
            always_scrape_classic_histograms: true
            static_configs: [{targets: ['127.0.0.1:%d']}]
        """
            .formatted(RULES, RULES, scraped));
    return Backend.start(
        folder.resolve("prometheus.log"),
        List.of(
            programs.resolve("prometheus").toString(),
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port,
            "--web.enable-otlp-receiver",
            "--web.enable-remote-write-receiver",
            "--enable-feature=exemplar-storage"));
  }

  /** Sends so many requests at {@link #RATE} and returns when each was answered. */
  private static long[] load(int port, int requests) throws Exception {
    long[] answered = new long[requests];
    try (HttpConnection http = new HttpConnection(port)) {
      long begin = System.nanoTime();
      for (int i = 0; i < requests; i++) {
        long due = begin + i * 1_000_000_000L / RATE;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        assertEquals(200, http.get("/orders"));
        answered[i] = System.currentTimeMillis();
      }
    }
    return answered;
  }

  /** The times of the first scrape since then and of the last, and what was counted between. */
  private double[] window(String range, long since) throws Exception {
    String body = query("query?query=" + URLEncoder.encode(range, StandardCharsets.UTF_8));
    Matcher sample = Pattern.compile("\\[([0-9.]+),\"([0-9]+)\"]").matcher(body);
    double[] window = new double[3];
    double first = 0;
    while (sample.find()) {
      double at = Double.parseDouble(sample.group(1)) * 1000;
      double count = Double.parseDouble(sample.group(2));
      if (at >= since && window[0] == 0) {
        window[0] = at;
        first = count;
      }
      window[1] = at;
      window[2] = count - first;
    }
    return window;
  }

  private String query(String path) throws Exception {
    return Backend.get(prometheus + "/api/v1/" + path).body();
  }

  private double value(String promql) throws Exception {
    String body = query("query?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8));
    Matcher value = Pattern.compile("\"value\":\\[[0-9.]+,\"([^\"]+)\"]").matcher(body);
    return value.find() ? Double.parseDouble(value.group(1)) : Double.NaN;
  }

  private void awaitValue(String promql, double expected) throws Exception {
    double value = -1;
    for (int i = 0; i < 100 && Double.compare(value, expected) != 0; i++) {
      Thread.sleep(100);
      value = value(promql);
    }
    assertEquals(expected, value, promql);
  }

  private void assertExemplars(OtlpSink sink, int traces) throws Exception {
    sink.awaitSpans(traces * 4, LONG);
    Set<String> exported =
        sink.spans().stream().map(ReceivedSpan::traceId).collect(Collectors.toSet());
    long now = System.currentTimeMillis() / 1000;
    for (String metric :
        List.of("http_server_request", "http_client_request", "db_client_operation")) {
      for (String job : List.of("chain", "pushed", "written")) {
        assertExemplars(metric, job, exported, now);
      }
    }
  }

  private void assertExemplars(String metric, String job, Set<String> exported, long now)
      throws Exception {
    String body =
        query(
            "query_exemplars?start="
                + (now - 600)
                + "&end="
                + (now + 10)
                + "&query="
                + metric
                + "_duration_seconds_bucket%7Bjob=%22"
                + job
                + "%22%7D");
    Set<String> ids = new HashSet<>();
    Matcher id = Pattern.compile("\"trace_id\":\"([0-9a-f]{32})\"").matcher(body);
    while (id.find()) {
      ids.add(id.group(1));
    }
    System.out.println(metric + " of " + job + ": " + ids.size() + " exemplars");
    assertTrue(ids.size() >= 5, metric + " of " + job + " has exemplars: " + ids.size());
    ids.removeAll(exported);
    assertEquals(Set.of(), ids, "each exemplar's trace was exported");
  }

  private void assertNoComplaint(String page) throws Exception {
    assertEquals(1, value("up{job=\"chain\"}"));
    Path text = Files.writeString(folder.resolve("page.txt"), Backend.get(page).body());
    Process promtool =
        new ProcessBuilder(programs.resolve("promtool").toString(), "check", "metrics")
            .redirectInput(text.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> complaints = new ArrayList<>(said.lines().toList());
    complaints.remove(JAEGERS_UNIT);
    complaints.removeIf(
        line ->
            REMARKS.contains(line.split(" ")[0]) && line.contains("should not have \"_count\""));
    assertEquals(List.of(), complaints);
  }
}
