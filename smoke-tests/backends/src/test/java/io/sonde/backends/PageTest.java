package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.apps.Profiled;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A page with all that the agent measures of one application, and no unit of Jaeger's. */
class PageTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void pageWithAllThereIs_isClean() throws Exception {
    Backend.program("prometheus", "promtool");
    Jdk jdk = Jdks.of(25).orElse(Jdks.current());
    int port = Ports.free();
    String page = "http://127.0.0.1:" + port + "/metrics";
    String away = "http://127.0.0.1:" + Ports.free();
    try (OtlpSink sink = OtlpSink.counting();
        ForkedJvm app =
            ForkedJvm.on(jdk)
                .classPathOf(Profiled.class)
                .main(Profiled.class)
                .jvmArg("-XX:TieredStopAtLevel=1", "-Xmx128m")
                .agent(sink)
                .env("OTEL_METRICS_EXPORTER", "otlp,prometheus")
                .env("OTEL_EXPORTER_PROMETHEUS_HOST", "127.0.0.1")
                .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(port))
                .env("SONDE_REMOTE_WRITE_URL", away + "/api/v1/write")
                .env("SONDE_METRICS_NAMES", "both")
                .env("SONDE_METRICS_HISTOGRAMS", "both")
                .env("SONDE_SPAN_METRICS", "tempo,servicegraph")
                .env("SONDE_EXEMPLARS_KEEP", "true")
                .env("PYROSCOPE_SERVER_ADDRESS", away)
                .env("PYROSCOPE_UPLOAD_INTERVAL", "1s")
                .env("SONDE_PROFILER_START_DELAY", "100")
                .start()) {
      app.awaitPort(LONG);
      List<String> metrics =
          List.of(
              "http_server_requests_seconds_bucket",
              "traces_service_graph_request_total",
              "executor_tasks_wait_time_seconds_bucket",
              "jvm_thread_count",
              jdk.version() >= 21 ? "jvm_virtual_thread_pins_total" : "jvm_safepoints_total",
              "sonde_profiler_windows_total",
              "sonde_exemplar_kept_traces_total",
              "otel_sdk_exporter_metric_data_point_exported_total");
      List<String> missing = metrics;
      for (int i = 0; i < 600 && !missing.isEmpty(); i++) {
        Thread.sleep(100);
        String text = text(page);
        missing = metrics.stream().filter(one -> !text.contains("\n" + one + '{')).toList();
      }
      assertEquals(List.of(), missing);
      Promtool.assertRemarks(folder, page);
    }
  }

  /** Nothing while it does not listen yet. */
  private static String text(String page) throws InterruptedException {
    try {
      return Backend.get(page).body();
    } catch (IOException e) {
      return "";
    }
  }
}
