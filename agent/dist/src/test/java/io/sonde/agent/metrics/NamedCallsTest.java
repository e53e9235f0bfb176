package io.sonde.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.exporters.prometheus.Exposition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same calls as each set of names shows them on the page that is scraped. */
class NamedCallsTest {
  private static final double[] HTTP = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };
  private static final double[] DATABASE = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10};

  private static void http(MetricReader to, String name) {
    to.instrument(new Instrument(Kind.HISTOGRAM, "http." + name + ".request.duration", "s", ""));
  }

  private static void database(MetricReader to) {
    to.instrument(new Instrument(Kind.HISTOGRAM, "db.client.operation.duration", "s", ""));
  }

  /** So many calls in each bucket up to the given one. */
  private static Histogram histogram(double[] bounds, long each, int buckets, double sum) {
    long[] counts = new long[bounds.length + 1];
    for (int i = 0; i < buckets; i++) {
      counts[i] = each;
    }
    Exemplar[] exemplars = new Exemplar[counts.length];
    exemplars[2] = new Exemplar(1, 2, 3, 0.02, 1_700_000_000_000L);
    return new Histogram(bounds, counts, sum, exemplars, 0.7);
  }

  private static String page(Naming naming, MetricSource calls, Exposition.Format format)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Exposition(new NamedCalls(calls, List.of(naming)), Labels.NONE, "1").write(format, out);
    return out.toString(StandardCharsets.UTF_8)
        .replace("otel_scope_name=\"io.sonde\",otel_scope_version=\"1\",", "");
  }

  private static List<String> lines(Naming naming, MetricSource calls, String name)
      throws IOException {
    return page(naming, calls, Exposition.Format.TEXT)
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "/a/{id}, 200, -, none, SUCCESS, 200, /a/{id}",
        "'', 200, -, none, SUCCESS, 200, root",
        "-, 302, -, none, REDIRECTION, 302, REDIRECTION",
        "-, 404, -, none, CLIENT_ERROR, 404, NOT_FOUND",
        "-, 400, -, none, CLIENT_ERROR, 400, UNKNOWN",
        "/a, 500, java.lang.IllegalStateException, IllegalStateException, SERVER_ERROR, 500, /a",
        "/a, 500, com.shop.Orders$Gone, Gone, SERVER_ERROR, 500, /a",
        "/a, 500, com.shop.Orders$1, com.shop.Orders$1, SERVER_ERROR, 500, /a",
        "/a, 101, -, none, INFORMATIONAL, 101, /a",
        "/a, -, -, none, UNKNOWN, UNKNOWN, /a",
      })
  void micrometer_serverHasSpringsLabels(
      String route,
      Long status,
      String thrown,
      String exception,
      String outcome,
      String shown,
      String uri)
      throws IOException {
    MetricSource calls =
        to -> {
          http(to, "server");
          Labels labels =
              Labels.of(
                  "http.request.method",
                  "GET",
                  "http.route",
                  route,
                  "url.scheme",
                  "http",
                  "http.response.status_code",
                  status,
                  "exception.type",
                  thrown);
          to.histogram(labels, histogram(HTTP, 2, 3, 0.1));
        };
    String labels =
        "{error=\"%s\",exception=\"%s\",method=\"GET\",outcome=\"%s\",status=\"%s\",uri=\"%s\"}"
            .formatted(exception, exception, outcome, shown, uri);
    Naming naming = new MicrometerNames();
    assertEquals(
        List.of("http_server_requests_seconds_count" + labels + " 6"),
        lines(naming, calls, "http_server_requests_seconds_count"));
    assertEquals(
        List.of("http_server_requests_seconds_max" + labels + " 0.7"),
        lines(naming, calls, "http_server_requests_seconds_max"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "stock, 200, -, none, SUCCESS, 200",
        "stock, 503, 503, none, SERVER_ERROR, 503",
        "stock, -, java.io.IOException, IOException, UNKNOWN, IO_ERROR",
        "-, -, java.net.ConnectException, ConnectException, UNKNOWN, CLIENT_ERROR",
      })
  void micrometer_clientHasSpringsLabels(
      String host, Long status, String error, String exception, String outcome, String shown)
      throws IOException {
    MetricSource calls =
        to -> {
          http(to, "client");
          Labels labels =
              Labels.of(
                  "http.request.method",
                  "GET",
                  "server.address",
                  host,
                  "http.response.status_code",
                  status,
                  "error.type",
                  error);
          to.histogram(labels, histogram(HTTP, 2, 3, 0.1));
        };
    assertEquals(
        List.of(
            "http_client_requests_seconds_count{client_name=\"%s\",error=\"%s\",exception=\"%s\",method=\"GET\",outcome=\"%s\",status=\"%s\",uri=\"none\"} 6"
                .formatted(host == null ? "none" : host, exception, exception, outcome, shown)),
        lines(new MicrometerNames(), calls, "http_client_requests_seconds_count"));
  }

  private static final MetricSource CALLS =
      to -> {
        http(to, "server");
        for (String scheme : List.of("http", "https")) {
          for (String thrown : List.of("a.Bad", "a.Worse")) {
            to.histogram(
                Labels.of(
                    "http.request.method",
                    "GET",
                    "http.route",
                    "/a",
                    "url.scheme",
                    scheme,
                    "http.response.status_code",
                    500L,
                    "error.type",
                    "500",
                    "exception.type",
                    thrown),
                histogram(HTTP, 1, 4, 0.1));
          }
        }
        to.histogram(Labels.of("otel.metric.overflow", true), histogram(HTTP, 1, 1, 0.1));
        http(to, "client");
        to.histogram(
            Labels.of("http.request.method", "_OTHER", "server.address", "stock"),
            histogram(HTTP, 1, 2, 0.1));
        database(to);
        to.histogram(
            Labels.of(
                "db.system.name", "h2", "db.namespace", "shop", "db.query.summary", "select a"),
            histogram(DATABASE, 3, 4, 0.1));
        to.histogram(
            Labels.of("db.system.name", "h2", "server.address", "db", "server.port", 99L),
            histogram(DATABASE, 3, 4, 0.1));
        to.instrument(
            new Instrument(Kind.HISTOGRAM, "messaging.client.operation.duration", "s", ""));
        to.histogram(message("send"), histogram(HTTP, 1, 2, 0.1));
        to.histogram(message("receive"), histogram(HTTP, 1, 2, 0.1));
        to.instrument(new Instrument(Kind.HISTOGRAM, "messaging.process.duration", "s", ""));
        to.histogram(message("process"), histogram(HTTP, 1, 2, 0.1));
      };

  private static Labels message(String operation) {
    return Labels.of(
        "messaging.system",
        "kafka",
        "messaging.operation.name",
        operation,
        "messaging.operation.type",
        operation,
        "messaging.destination.name",
        "orders");
  }

  @Test
  void conventions_doNotShowTheExceptionThatIsKeptForOtherNames() throws IOException {
    assertEquals(
        List.of(
            "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/a\",url_scheme=\"http\",http_response_status_code=\"500\",error_type=\"500\"} 8",
            "http_server_request_duration_seconds_count{http_request_method=\"GET\",http_route=\"/a\",url_scheme=\"https\",http_response_status_code=\"500\",error_type=\"500\"} 8",
            "http_server_request_duration_seconds_count{otel_metric_overflow=\"true\"} 1"),
        lines(new ConventionNames(true), CALLS, "http_server_request_duration_seconds_count"));
    String others = page(new ConventionNames(false), CALLS, Exposition.Format.TEXT);
    assertTrue(others.contains("db_client_operation_duration_seconds_count{"), others);
    assertTrue(!others.contains("http_server_"), others);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void exemplarOfSeriesThatAreOne_isAFailedCallBeforeASlowOne(boolean failedFirst)
      throws IOException {
    MetricSource calls =
        to -> {
          http(to, "server");
          for (boolean failed : new boolean[] {failedFirst, !failedFirst}) {
            Histogram histogram = histogram(HTTP, 1, 4, 0.1);
            histogram.exemplars[2] =
                new Exemplar(
                    1, 2, failed ? 7 : 8, failed ? 0.02 : 0.024, 1_700_000_000_000L, failed);
            to.histogram(Labels.of("url.scheme", failed ? "http" : "https"), histogram);
          }
        };
    String open = page(new MicrometerNames(), calls, Exposition.Format.OPEN_METRICS);
    assertTrue(open.contains("span_id=\"0000000000000007\""), open);
    assertTrue(!open.contains("span_id=\"0000000000000008\""), open);
  }

  @Test
  void jaeger_hasNamesAndKindsOfTheSpans() throws IOException {
    Naming naming = SpanMetrics.ofJaeger(() -> "shop");
    String unset = "status_code=\"STATUS_CODE_UNSET\"}";
    assertEquals(
        List.of(
            "{service_name=\"shop\",span_name=\"GET /a\",span_kind=\"SPAN_KIND_SERVER\",status_code=\"STATUS_CODE_ERROR\"} 16",
            "{service_name=\"shop\",span_kind=\"SPAN_KIND_SERVER\",otel_metric_overflow=\"true\"} 1",
            "{service_name=\"shop\",span_name=\"HTTP\",span_kind=\"SPAN_KIND_CLIENT\","
                + unset
                + " 2",
            "{service_name=\"shop\",span_name=\"select a\",span_kind=\"SPAN_KIND_CLIENT\","
                + unset
                + " 12",
            "{service_name=\"shop\",span_name=\"db:99\",span_kind=\"SPAN_KIND_CLIENT\","
                + unset
                + " 12",
            "{service_name=\"shop\",span_name=\"send orders\",span_kind=\"SPAN_KIND_PRODUCER\","
                + unset
                + " 2",
            "{service_name=\"shop\",span_name=\"receive orders\",span_kind=\"SPAN_KIND_CLIENT\","
                + unset
                + " 2",
            "{service_name=\"shop\",span_name=\"process orders\",span_kind=\"SPAN_KIND_CONSUMER\","
                + unset
                + " 2"),
        lines(naming, CALLS, "traces_span_metrics_calls_total").stream()
            .map(line -> line.substring(line.indexOf('{')))
            .toList());
    String open = page(naming, CALLS, Exposition.Format.OPEN_METRICS);
    String server =
        "traces_span_metrics_duration_milliseconds_bucket{service_name=\"shop\",span_name=\"GET /a\",span_kind=\"SPAN_KIND_SERVER\",status_code=\"STATUS_CODE_ERROR\",le=";
    String exemplar =
        " # {trace_id=\"00000000000000010000000000000002\",span_id=\"0000000000000003\"} 20.0 1700000000.000";
    assertTrue(open.contains(server + "\"5.0\"} 4\n"), open);
    assertTrue(open.contains(server + "\"10.0\"} 8\n"), open);
    assertTrue(open.contains(server + "\"50.0\"} 16" + exemplar + "\n"), open);
    assertTrue(open.contains(server + "\"+Inf\"} 16\n"), open);
    assertTrue(open.contains(server.replace("_bucket", "_sum").replace(",le=", "} 400.0\n")), open);
  }

  @Test
  void tempo_hasTemposNames() throws IOException {
    Naming naming = SpanMetrics.ofTempo(() -> "shop");
    String labels =
        "{service=\"shop\",span_name=\"select a\",span_kind=\"SPAN_KIND_CLIENT\",status_code=\"STATUS_CODE_UNSET\"";
    String page = page(naming, CALLS, Exposition.Format.TEXT);
    assertTrue(page.contains("\ntraces_spanmetrics_calls_total" + labels + "} 12\n"), page);
    assertTrue(page.contains("\ntraces_spanmetrics_latency_count" + labels + "} 12\n"), page);
    assertTrue(
        page.contains("\ntraces_spanmetrics_latency_bucket" + labels + ",le=\"0.005\"} 6\n"), page);
  }

  /** Tempo has such a node too; of those that a span called, the caller has the edge. */
  @Test
  void serviceGraph_hasAnEdgeFromWhoeverHasNoSpans() throws IOException {
    MetricSource calls =
        to -> {
          http(to, "server");
          for (Boolean root : new Boolean[] {true, null}) {
            to.histogram(
                Labels.of("http.request.method", "GET", "sonde.root", root),
                histogram(HTTP, root == null ? 7 : 2, 3, 0.1));
          }
        };
    assertEquals(
        List.of(
            "traces_service_graph_request_total{client=\"user\",server=\"shop\",connection_type=\"virtual_node\"} 6"),
        lines(new ServiceGraph(() -> "shop"), calls, "traces_service_graph_request_total"));
    assertEquals(
        List.of("http_server_request_duration_seconds_count{http_request_method=\"GET\"} 27"),
        lines(new ConventionNames(true), calls, "http_server_request_duration_seconds_count"));
  }

  @Test
  void serviceGraph_hasAnEdgeForEachPeer_andNoneForAPoll() throws IOException {
    Naming naming = new ServiceGraph(() -> "shop");
    assertEquals(
        List.of(
            "{client=\"shop\",server=\"stock\",connection_type=\"virtual_node\"} 2",
            "{client=\"shop\",server=\"shop\",connection_type=\"database\"} 12",
            "{client=\"shop\",server=\"db\",connection_type=\"database\"} 12",
            "{client=\"shop\",server=\"orders\",connection_type=\"messaging_system\"} 2",
            "{client=\"orders\",server=\"shop\",connection_type=\"messaging_system\"} 2"),
        lines(naming, CALLS, "traces_service_graph_request_total").stream()
            .map(line -> line.substring(line.indexOf('{')))
            .toList());
    String page = page(naming, CALLS, Exposition.Format.TEXT);
    assertTrue(
        page.contains(
            "\ntraces_service_graph_request_server_seconds_bucket{client=\"shop\",server=\"stock\",connection_type=\"virtual_node\",le=\"0.01\"} 2\n"),
        page);
  }
}
