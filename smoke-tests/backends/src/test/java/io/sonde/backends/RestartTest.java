package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Chain;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.JvmLaunch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Prometheus that is killed and comes back knows of all that happened meanwhile. */
class RestartTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String CALLS =
      "http_server_request_duration_seconds_count{job=\"%s\",http_route=\"/orders\"}";
  private static final List<String> WRITTEN = List.of("one", "two");

  @TempDir Path folder;

  @Test
  void whatHappenedMeanwhile_arrives_andSeriesEndWithTheApplication() throws Exception {
    try (Prometheus prometheus = new Prometheus(folder, "global: {}\n");
        ForkedJvm one = chain(prometheus, "one", "1").start();
        ForkedJvm two = chain(prometheus, "two", "2").start()) {
      int[] ports = {one.awaitPort(LONG), two.awaitPort(LONG)};
      call(ports, 50);
      awaitAll(prometheus, 50);
      double killed = System.currentTimeMillis() / 1e3;
      prometheus.kill();
      for (int i = 0; i < 10; i++) {
        call(ports, 5);
        Thread.sleep(200);
      }
      double back = System.currentTimeMillis() / 1e3;
      prometheus.start();
      awaitAll(prometheus, 100);
      for (String job : WRITTEN) {
        assertWhole(prometheus, job, killed, back);
      }
      for (ForkedJvm app : List.of(one, two)) {
        assertOneLineOfEachWay(app);
      }
      one.stop(LONG);
      two.stop(LONG);
      for (String job : WRITTEN) {
        prometheus.awaitValue("count({job=\"" + job + "\"})", Double.NaN);
        String before = "max_over_time(" + CALLS.formatted(job) + "[5m])";
        assertEquals(100, prometheus.value(before));
      }
    }
  }

  /** Of the time without Prometheus there are samples with their own times, and none was lost. */
  private static void assertWhole(Prometheus prometheus, String job, double killed, double back)
      throws Exception {
    int meanwhile = 0;
    double last = 0;
    double gap = 0;
    for (Prometheus.Sample sample : prometheus.samples(CALLS.formatted(job) + "[5m]")) {
      meanwhile += sample.time() > killed && sample.time() < back ? 1 : 0;
      gap = last == 0 ? 0 : Math.max(gap, sample.time() - last);
      last = sample.time();
    }
    System.out.printf(
        "%s: %d samples meanwhile, %.1f s between two at most%n", job, meanwhile, gap);
    assertTrue(meanwhile >= 5, meanwhile + " samples of " + job);
    assertTrue(gap < back - killed, gap + " s without a sample of " + job);
    String lost =
        "sum(otel_sdk_exporter_metric_data_point_exported_total{error_type!=\"\",job=\"%s\","
            + "otel_component_type=\"remote_write_exporter\"})";
    assertEquals(0, prometheus.value(lost.formatted(job)));
  }

  private static void assertOneLineOfEachWay(ForkedJvm app) {
    List<String> said =
        app.stderr().stream().filter(line -> line.startsWith("[sonde]")).sorted().toList();
    assertEquals(1, said.stream().filter(line -> line.contains("samples do not reach")).count());
    // An export by OTLP is tried again before it counts as failed, so that it may have arrived.
    assertTrue(said.size() <= 2, said::toString);
  }

  private static void awaitAll(Prometheus prometheus, int calls) throws Exception {
    for (String job : List.of("one", "two", "pushed-one", "pushed-two")) {
      prometheus.awaitValue(CALLS.formatted(job), calls);
    }
  }

  private static JvmLaunch chain(Prometheus prometheus, String job, String version) {
    return ForkedJvm.onCurrent()
        .quick()
        .jvmArg("-Xmx96m")
        .classPathOf(Chain.class)
        .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
        .main(Chain.class)
        .agent()
        .env("OTEL_SERVICE_NAME", "pushed-" + job)
        .env("OTEL_TRACES_EXPORTER", "none")
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        .env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", prometheus.url() + "/api/v1/otlp/v1/metrics")
        .env("OTEL_METRIC_EXPORT_INTERVAL", "250")
        .env("SONDE_REMOTE_WRITE_URL", prometheus.url() + "/api/v1/write")
        .env("SONDE_REMOTE_WRITE_VERSION", version)
        .env("SONDE_REMOTE_WRITE_LABELS", "job=" + job);
  }

  private static void call(int[] ports, int requests) throws Exception {
    for (int port : ports) {
      try (HttpConnection http = new HttpConnection(port)) {
        for (int i = 0; i < requests; i++) {
          assertEquals(200, http.get("/orders"));
        }
      }
    }
  }
}
