package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Chain;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is scraped of an application: every call is counted, and exemplars lead to traces. */
class MetricsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int CALLS = 60;
  private static final Pattern TRACE = Pattern.compile("trace_id=\"([0-9a-f]{32})\"");

  private static final String VERSION = "network_protocol_version=\"1.1\"";

  static List<Jdk> jdks() {
    List<Jdk> all = Jdks.all();
    return List.of(all.get(0), all.get(all.size() - 1));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everyCallIsCounted_everyExemplarIsATrace(Jdk jdk) throws Exception {
    int port = Ports.free();
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.on(jdk)
                .classPathOf(Chain.class)
                .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
                .main(Chain.class)
                .agent(sink)
                .env("OTEL_SERVICE_NAME", "chain")
                .env("OTEL_METRICS_EXPORTER", "prometheus")
                .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(port))
                .env("SONDE_METRICS_NAMES", "both")
                .env("SONDE_SPAN_METRICS", "jaeger,tempo,servicegraph")
                .start()) {
      try (HttpConnection http = new HttpConnection(app.awaitPort(LONG))) {
        for (int i = 0; i < CALLS; i++) {
          assertEquals(200, http.get("/orders"));
        }
      }
      sink.awaitSpans(span -> span.kind() == Kind.SERVER, CALLS * 2, LONG);
      assertEquals(200, get(port, "/healthz", "*/*").statusCode());
      assertEquals(200, get(port, "/readyz", "*/*").statusCode());
      String text = get(port, "/metrics", "text/plain").body();
      String open = get(port, "/metrics", "application/openmetrics-text; version=1.0.0").body();
      assertTrue(open.endsWith("\n# EOF\n"));
      for (String page : List.of(text, open)) {
        assertCount(page, "http_server_request_duration_seconds_count", "http_route=\"/orders\"");
        assertCount(page, "http_server_request_duration_seconds_count", "http_route=\"/stock\"");
        assertCount(page, "http_client_request_duration_seconds_count", VERSION);
        assertCount(page, "db_client_operation_duration_seconds_count", "=\"select stock\"");
        assertCount(page, "http_server_requests_seconds_count", "uri=\"/orders\"");
        assertCount(page, "http_client_requests_seconds_count", "client_name=\"localhost\"");
        assertCount(page, "traces_span_metrics_calls_total", "\"GET /orders\"");
        assertCount(page, "traces_span_metrics_calls_total", "\"select stock\"");
        assertCount(page, "traces_spanmetrics_latency_count", "\"GET /stock\"");
        assertCount(page, "traces_service_graph_request_total", "server=\"localhost\"");
        assertTrue(page.contains("target_info{service_name=\"chain\""), page);
        assertTrue(page.contains("\njvm_memory_used_bytes{"), page);
        assertTrue(page.contains("\njvm_cpu_time_seconds_total{"), page);
        assertTrue(page.contains("\njvm_thread_count{"), page);
        if (jdk.version() >= 21) {
          assertPositive(page, "jvm_memory_allocated_bytes_total{");
        }
        assertPositive(page, "jvm_safepoints_total{");
        // in milliseconds, of which there may be none yet
        assertTrue(page.contains("\njvm_safepoint_time_seconds_total{"), page);
        assertPositive(page, "sonde_exporter_requests_total{");
        assertPositive(page, "sonde_exporter_sent_bytes_total{");
        assertTrue(page.contains("\notel_sdk_processor_span_queue_capacity{"), page);
        assertFalse(page.contains("otel_metric_overflow"), page);
      }
      assertFalse(text.contains("trace_id="), text);
      Set<String> exported =
          sink.spans().stream().map(ReceivedSpan::traceId).collect(Collectors.toSet());
      Matcher exemplar = TRACE.matcher(open);
      Set<String> shown = new TreeSet<>();
      while (exemplar.find()) {
        shown.add(exemplar.group(1));
      }
      assertFalse(shown.isEmpty(), open);
      assertTrue(exported.containsAll(shown), "each exemplar's trace was exported");
      long served = sink.spans().stream().filter(span -> span.kind() == Kind.SERVER).count();
      assertEquals(CALLS * 2, served, "a scrape makes no spans");
      assertEquals(List.of(), app.stderr().stream().filter(l -> l.startsWith("[sonde]")).toList());
    }
  }

  @Test
  void portInUse_isOneLine_andTheApplicationRuns() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"));
        ForkedJvm app =
            ForkedJvm.onCurrent()
                .classPathOf(Chain.class)
                .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
                .main(Chain.class)
                .agent()
                .env("OTEL_METRICS_EXPORTER", "prometheus")
                .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(taken.getLocalPort()))
                .start()) {
      app.awaitErrorLine(
          Pattern.compile(
              "^\\[sonde] nothing listens on localhost:"
                  + taken.getLocalPort()
                  + ": .*OTEL_EXPORTER_PROMETHEUS_PORT$"),
          LONG);
      try (HttpConnection http = new HttpConnection(app.awaitPort(LONG))) {
        assertEquals(200, http.get("/orders"));
      }
    }
  }

  private static void assertCount(String page, String name, String label) {
    List<String> lines =
        page.lines().filter(l -> l.startsWith(name + "{") && l.contains(label)).toList();
    assertEquals(1, lines.size(), page);
    String value = lines.get(0).substring(lines.get(0).lastIndexOf(' ') + 1);
    assertEquals(CALLS, Double.parseDouble(value), lines::toString);
  }

  /** Of the first series. */
  private static void assertPositive(String page, String series) {
    String line = page.lines().filter(l -> l.startsWith(series)).findFirst().orElse(series + " 0");
    assertTrue(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)) > 0, line);
  }

  static HttpResponse<String> get(int port, String path, String accept) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .header("Accept", accept)
                .timeout(LONG)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
