package io.sonde.libraries.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an application measures with Micrometer and exports, the agent leaves to it. */
class OwnMetersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource({"1.9.0, prometheus", "1.17.1, prometheusmetrics"})
  void springsName_isTheAgents_untilTheApplicationExportsItByItself(String version, String name)
      throws Exception {
    List<Path> libraries =
        Artifacts.classPath("io.micrometer:micrometer-registry-prometheus:" + version);
    int scraped = Ports.free();
    try (ForkedJvm app =
        ForkedJvm.onCurrent()
            .quick()
            .agent()
            .classPath(
                AppSource.of("micrometer")
                    .replace("io.micrometer.prometheus.", "io.micrometer." + name + '.')
                    .compile(libraries))
            .main("app.MeteredServer")
            .env("OTEL_METRICS_EXPORTER", "prometheus")
            .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(scraped))
            .env("SONDE_METRICS_NAMES", "both")
            .start()) {
      try (HttpConnection http = new HttpConnection(app.awaitPort(PATIENCE))) {
        assertEquals(204, http.get("/"));
        awaitCounts("1 1", scraped);
        assertEquals(204, http.get("/own"));
        awaitCounts("2 none", scraped);
      }
      assertEquals(List.of(), app.stderr().stream().filter(l -> l.startsWith("[sonde]")).toList());
    }
  }

  /** A request is counted when it is over, which its client may know before. */
  private static void awaitCounts(String expected, int port) throws Exception {
    String counts = counts(port);
    for (int i = 0; i < 100 && !counts.equals(expected); i++) {
      Thread.sleep(50);
      counts = counts(port);
    }
    assertEquals(expected, counts);
  }

  /** How many requests there were by the conventions' name and by Spring's. */
  private static String counts(int port) throws IOException {
    try (HttpConnection scrape = new HttpConnection(port)) {
      assertEquals(200, scrape.get("/metrics"));
      String page = scrape.body();
      return count(page, "http_server_request_duration_seconds_count{")
          + ' '
          + count(page, "http_server_requests_seconds_count{");
    }
  }

  private static String count(String page, String start) {
    return page.lines()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("none");
  }
}
