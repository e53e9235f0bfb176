package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.ShopLoad.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shop under load, as a real Prometheus and a real Jaeger show it: metrics by scrape, by OTLP
 * and by both versions of remote write, and traces by OTLP.
 */
class ShopTest {
  private static final int RATE = 150;
  private static final int WARM = 300;
  private static final int REQUESTS = 1200;
  private static final String SERVED = "http_server_request_duration_seconds";
  private static final String RESERVATIONS = "/stock/{productId}/reservations";

  @TempDir static Path folder;

  private static Shop shop;

  /** Of the load that is compared. */
  private static Map<Kind, Long> sent;

  private static double begin;

  /** A Prometheus that has a service's metrics under the name of a job. */
  record Way(Prometheus prometheus, String job) {
    String of(String metric, String labels) {
      return metric + "{job=\"" + job + "\"" + (labels.isEmpty() ? "" : "," + labels) + "}";
    }
  }

  @BeforeAll
  static void load() throws Exception {
    shop = new Shop(folder);
    shop.load(WARM, RATE);
    awaitAll();
    begin = System.currentTimeMillis() / 1e3;
    sent = shop.load(REQUESTS, RATE);
    awaitAll();
  }

  @AfterAll
  static void stop() {
    if (shop != null) {
      shop.close();
    }
  }

  private static List<Way> shopsWays() {
    return List.of(
        new Way(shop.scraping, "shop"),
        new Way(shop.pushed, "shop"),
        new Way(shop.pushed, "written-shop"),
        new Way(shop.written, "written-shop"));
  }

  /** By OTLP the stock has exponential buckets alone. */
  private static List<Way> stocksWays() {
    return List.of(new Way(shop.scraping, "stock"), new Way(shop.pushed, "written-stock"));
  }

  /**
   * Until all has arrived by all ways, and for more than a second, so that a range of whole seconds
   * around the load has no more than that.
   */
  private static void awaitAll() throws Exception {
    double reserved = reservations(shop.sent);
    for (Way way : shopsWays()) {
      way.prometheus.awaitValue("sum(" + way.of(SERVED + "_count", "") + ")", shop.all());
    }
    for (Way way : stocksWays()) {
      way.prometheus.awaitValue("sum(" + way.of(SERVED + "_count", "") + ")", reserved);
    }
    shop.pushed.awaitValue(
        "sum(histogram_count(" + new Way(shop.pushed, "stock").of(SERVED, "") + "))", reserved);
    Thread.sleep(6 * Shop.INTERVAL_MILLIS);
  }

  /** What was sent to each operation of the shop. */
  private static Map<String, Double> operations() {
    Map<String, Double> operations = new TreeMap<>();
    sent.forEach((kind, count) -> operations.merge(kind.operation, count * 1.0, Double::sum));
    return operations;
  }

  private static double reservations() {
    return reservations(sent);
  }

  private static double reservations(Map<Kind, Long> of) {
    return (double) of.get(Kind.ORDER) + of.get(Kind.SOLD_OUT);
  }

  @Test
  void rates_areThoseOfTheLoad() throws Exception {
    for (Way way : shopsWays()) {
      for (Map.Entry<String, Double> operation : operations().entrySet()) {
        String[] name = operation.getKey().split(" ");
        String route = "http_request_method=\"" + name[0] + "\",http_route=\"" + name[1] + '"';
        assertRate(way, SERVED + "_count", route, operation.getValue());
        String uri = "method=\"" + name[0] + "\",uri=\"" + name[1] + '"';
        assertRate(way, "http_server_requests_seconds_count", uri, operation.getValue());
        String span = "span_kind=\"SPAN_KIND_SERVER\",span_name=\"" + operation.getKey() + '"';
        assertRate(way, "traces_span_metrics_calls_total", span, operation.getValue());
        assertRate(
            way,
            "traces_spanmetrics_latency_count",
            span.replace("service_name", "service"),
            operation.getValue());
      }
      assertRate(way, "http_client_request_duration_seconds_count", "", reservations());
      for (Kind kind : List.of(Kind.PRICE_LIST, Kind.SOLD_OUT, Kind.NO_PRODUCT)) {
        String version = ",network_protocol_version=\"1.1\"";
        String status = "http_response_status_code=\"" + kind.status + '"' + version;
        assertRate(way, SERVED + "_count", status, sent.get(kind));
      }
    }
    for (Way way : stocksWays()) {
      assertRate(way, SERVED + "_count", "http_route=\"" + RESERVATIONS + '"', reservations());
      String update = "db_query_summary=\"UPDATE stock\"";
      assertRate(way, "db_client_operation_duration_seconds_count", update, reservations());
    }
  }

  /** Between a sample before the load and one after it. */
  private static void assertRate(Way way, String metric, String labels, double expected)
      throws Exception {
    Window window = Window.around(way, begin);
    String rate =
        "sum(rate("
            + way.of(metric, labels)
            + "["
            + (Math.round(window.seconds() * 1e3) + 1)
            + "ms]))";
    double counted = way.prometheus.value(rate, window.end()) * window.seconds();
    assertEquals(1, counted / expected, 0.01, rate + ": " + counted + ", sent " + expected);
  }

  /** The times of the last sample before the load and the last sample of all. */
  record Window(double start, double end) {
    static Window around(Way way, double begin) throws Exception {
      double start = 0;
      double end = 0;
      for (Prometheus.Sample sample : way.prometheus.samples(way.of("target_info", "") + "[5m]")) {
        start = sample.time() < begin ? sample.time() : start;
        end = sample.time();
      }
      return new Window(start, end);
    }

    double seconds() {
      return end - start;
    }

    /**
     * More than there are: a sample at the very start of a range does not belong to it. Of a minute
     * and seconds Jaeger asks for the minute alone, so from there on it is whole minutes.
     */
    int wholeSeconds() {
      int more = (int) Math.floor(seconds() + 1e-3) + 1;
      return more < 60 ? more : (more + 59) / 60 * 60;
    }
  }

  @Test
  void quantiles_areAnswered_andTheSameByAllWays() throws Exception {
    String whole =
        "histogram_quantile(0.95, sum(rate(http_server_requests_seconds_bucket[5m])) by (le))";
    for (Prometheus prometheus : List.of(shop.scraping, shop.pushed)) {
      double quantile = prometheus.value(whole);
      System.out.println("95 % in " + quantile + " s");
      assertTrue(quantile > 0 && quantile < 10, () -> "95 % in " + quantile + " s");
    }
    for (String metric : List.of(SERVED, "http_client_request_duration_seconds")) {
      for (String quantile : List.of("0.5", "0.95")) {
        double first = quantile(shopsWays().get(0), metric, quantile);
        for (Way way : shopsWays()) {
          assertEquals(first, quantile(way, metric, quantile), first / 1e9, way.job);
        }
      }
    }
  }

  private static double quantile(Way way, String metric, String quantile) throws Exception {
    String buckets = "sum by (le) (" + way.of(metric + "_bucket", "") + ")";
    return last(way, "histogram_quantile(" + quantile + ", " + buckets + ")");
  }

  /** At the last sample: after a scrape that took too long on a busy machine there is nothing. */
  private static double last(Way way, String promql) throws Exception {
    return way.prometheus.value(promql, Window.around(way, begin).end());
  }

  @Test
  void series_areTheSameByAllWays() throws Exception {
    Series.assertAgree(shop.scraping, "shop", shop.pushed, "shop");
    Series.assertAgree(shop.scraping, "shop", shop.pushed, "written-shop");
    Series.assertAgree(shop.scraping, "shop", shop.written, "written-shop");
    Series.assertAgree(shop.scraping, "stock", shop.pushed, "written-stock");
  }

  @Test
  void nativeHistograms_areTheSameByAllWays() throws Exception {
    Way stock = new Way(shop.scraping, "stock");
    Way exponential = new Way(shop.pushed, "stock");
    for (String metric : List.of(SERVED, "db_client_operation_duration_seconds")) {
      assertNative(stock, exponential, metric);
      assertNative(stock, new Way(shop.pushed, "written-stock"), metric);
      assertNative(shopsWays().get(0), shopsWays().get(2), metric);
    }
  }

  private static void assertNative(Way one, Way other, String metric) throws Exception {
    String count = "histogram_count(sum(%s))";
    double calls = last(one, count.formatted(one.of(metric, "")));
    assertTrue(calls >= reservations(), metric + ": " + calls);
    assertEquals(calls, last(other, count.formatted(other.of(metric, ""))));
    for (String quantile : List.of("0.1", "0.5", "0.9", "0.99")) {
      String estimate = "histogram_quantile(" + quantile + ", sum(%s))";
      double first = last(one, estimate.formatted(one.of(metric, "")));
      assertTrue(first > 0 && first < 10, () -> metric + " " + quantile + ": " + first);
      double second = last(other, estimate.formatted(other.of(metric, "")));
      assertEquals(first, second, first / 1e9, other.job);
    }
  }

  @Test
  void jaegersMonitorPage_showsServicesAndOperations_withTheirRates() throws Exception {
    Way way = new Way(shop.scraping, "shop");
    assertCalls(way, operations().keySet());
    assertCalls(new Way(shop.scraping, "stock"), Set.of("POST " + RESERVATIONS));
    Window window = Window.around(way, begin);
    assertEquals(Map.of("GET /products/{id}/price-list", 1.0), monitor("errors", way, window, ""));
    Map<String, Double> half = monitor("latencies", way, window, "&quantile=0.5");
    Map<String, Double> most = monitor("latencies", way, window, "&quantile=0.95");
    assertEquals(operations().keySet(), half.keySet());
    half.forEach(
        (operation, millis) ->
            assertTrue(
                millis > 0 && millis <= most.get(operation) && most.get(operation) < 10_000,
                () -> operation + ": " + millis + ", " + most.get(operation) + " ms"));
  }

  /** They are what Prometheus answers to the same question, whose counts are those of the load. */
  private static void assertCalls(Way way, Set<String> operations) throws Exception {
    Window window = Window.around(way, begin);
    Map<String, Double> calls = monitor("calls", way, window, "");
    assertEquals(operations, calls.keySet());
    for (String operation : operations) {
      String labels = "span_kind=\"SPAN_KIND_SERVER\",span_name=\"" + operation + '"';
      String series = way.of("traces_span_metrics_calls_total", labels);
      String rate = "sum(rate(" + series + "[" + window.wholeSeconds() + "s]))";
      double expected = way.prometheus.value(rate, window.end());
      assertTrue(expected > 0, rate);
      assertEquals(1, calls.get(operation) / expected, 1e-6, operation);
    }
  }

  private static Map<String, Double> monitor(String what, Way way, Window window, String more)
      throws Exception {
    Map<String, Double> values =
        shop.jaeger().metrics(what, way.job, window.end(), window.wholeSeconds(), more);
    System.out.println("Jaeger's " + what + " of " + way.job + ": " + values);
    return values;
  }

  @Test
  void exemplars_allLeadToTraces() throws Exception {
    Exemplars exemplars = new Exemplars(shop.jaeger());
    List<String> metrics =
        List.of(
            SERVED,
            "http_client_request_duration_seconds",
            "db_client_operation_duration_seconds",
            "http_server_requests_seconds",
            "traces_span_metrics_duration_milliseconds");
    for (Way way : shopsWays()) {
      exemplars.read(way.prometheus.exemplars("{job=\"" + way.job + "\"}"), way.job, metrics);
    }
    for (Way way : stocksWays()) {
      exemplars.read(
          way.prometheus.exemplars("{job=\"" + way.job + "\"}"), way.job, List.of(SERVED));
    }
    exemplars.assertTracesAreThere();
  }

  @Test
  void rules_haveValues() throws Exception {
    String body = Backend.get(shop.scraping.url() + "/api/v1/rules").body();
    int recorded = 0;
    for (JsonElement group : Json.at(body, "data", "groups").getAsJsonArray()) {
      for (JsonElement rule : group.getAsJsonObject().getAsJsonArray("rules")) {
        String name = Json.text(rule, "name");
        assertEquals("ok", Json.text(rule, "health"), name + " " + Json.text(rule, "lastError"));
        if (Json.text(rule, "type").equals("recording")) {
          shop.scraping.awaitSeries(name + "{job=\"shop\"}");
          recorded++;
        }
      }
    }
    assertTrue(recorded > 10, recorded + " recording rules");
    double failed = shop.scraping.value("job:http_server_errors:ratio5m{job=\"shop\"}");
    assertEquals(1.0 * sent.get(Kind.PRICE_LIST) / REQUESTS, failed, 0.2 / 60);
  }

  @Test
  void page_isAsPrometheusWantsIt() throws Exception {
    for (String service : List.of("shop", "stock")) {
      Promtool.assertRemarks(folder, shop.page(service), Promtool.JAEGERS_UNIT);
    }
  }

  @Test
  void nothingIsLost_andNobodyComplains() throws Exception {
    for (String job : List.of("shop", "stock")) {
      for (String what : List.of("span", "metric_data_point")) {
        String lost = "otel_sdk_exporter_" + what + "_exported_total{error_type!=\"\",job=\"%s\"}";
        Way way = new Way(shop.scraping, job);
        assertEquals(0, last(way, "sum(" + lost.formatted(job) + ")"), lost);
      }
    }
    for (ForkedJvm service : shop.services) {
      assertEquals(
          List.of(), service.stderr().stream().filter(line -> line.contains("[sonde]")).toList());
    }
  }
}
