package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.LabelBomb;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Calls of which no two are alike keep the agent's memory and series bounded. */
class LabelBombTest {
  private static final int REQUESTS = 100_000;
  private static final int MAX_SERIES = 2000;
  private static final Duration LONG = Duration.ofMinutes(2);

  @Test
  void distinctUrlsHeadersAndQueries_keepSeriesAndMemoryBounded() throws Exception {
    int scraped = Ports.free();
    try (ForkedJvm app =
        ForkedJvm.onCurrent()
            .classPathOf(LabelBomb.class)
            .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
            .main(LabelBomb.class)
            .arg(Integer.toString(REQUESTS))
            .jvmArg("-Xmx64m")
            .agent()
            // Nothing listens there: the queue is full all the time.
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + Ports.free())
            .env("OTEL_METRICS_EXPORTER", "prometheus")
            .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(scraped))
            .env("SONDE_METRICS_NAMES", "both")
            .env("SONDE_SPAN_METRICS", "jaeger")
            .start()) {
      app.awaitPort(LONG);
      Matcher heap = app.awaitLine(Pattern.compile("HEAP (\\d+) (\\d+)"), LONG);
      long grown = Long.parseLong(heap.group(2)) - Long.parseLong(heap.group(1));
      System.out.println("the heap holds " + grown + " KiB more");
      assertTrue(grown < 24 * 1024, () -> "the heap holds " + grown + " KiB more");
      List<String> page = page(scraped);
      assertEquals(REQUESTS, sum(page, "http_server_request_duration_seconds_count{", ""));
      for (String name :
          List.of(
              "db_client_operation_duration_seconds",
              "traces_span_metrics_duration_milliseconds")) {
        String count = name + "_count{";
        long series = page.stream().filter(line -> line.startsWith(count)).count();
        assertTrue(series > MAX_SERIES && series < MAX_SERIES + 5, name + ": " + series);
        long queries = sum(page, count, "otel_metric_overflow=\"true\"");
        assertTrue(queries > REQUESTS - MAX_SERIES && queries <= REQUESTS, name + ": " + queries);
      }
      assertEquals(
          sum(page, "db_client_operation_duration_seconds_count{", "otel_metric_overflow"),
          sum(page, "sonde_metrics_overflow_total{", "db.client.operation.duration"));
    }
  }

  private static long sum(List<String> page, String start, String label) {
    return page.stream()
        .filter(line -> line.startsWith(start) && line.contains(label))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static List<String> page(int port) throws IOException {
    try (HttpConnection scrape = new HttpConnection(port)) {
      assertEquals(200, scrape.get("/metrics"));
      return scrape.body().lines().toList();
    }
  }
}
