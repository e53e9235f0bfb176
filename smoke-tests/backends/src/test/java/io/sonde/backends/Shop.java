package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ShopLoad;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The sample shop and its stock under the agent: their traces go to Jaeger, their metrics are
 * scraped by one Prometheus and pushed to another, by OTLP and by remote write. Those of the shop
 * go all four ways at once: it writes to a third one too, in the other version.
 */
final class Shop implements AutoCloseable {
  /** How often metrics are scraped and pushed. */
  static final int INTERVAL_MILLIS = 250;

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Path RULES = Path.of("..", "stack", "rules").toAbsolutePath().normalize();

  /** What was sent so far, by kind. */
  final Map<ShopLoad.Kind, Long> sent = new EnumMap<>(ShopLoad.Kind.class);

  final Prometheus scraping;
  final Prometheus pushed;
  final Prometheus written;
  private final @Nullable Jaeger jaeger;

  /** Where traces go without a Jaeger. */
  private final OtlpSink sink = OtlpSink.counting();

  final List<ForkedJvm> services;
  private final ShopLoad load;
  private final int shopPage = Ports.free();
  private final int stockPage = Ports.free();

  /** Starts all of it, in that folder. */
  Shop(Path folder) throws Exception {
    pushed = new Prometheus(folder.resolve("pushed"), "global: {}\n");
    written = new Prometheus(folder.resolve("written"), "global: {}\n");
    scraping = new Prometheus(folder.resolve("scraping"), scrapes());
    jaeger =
        Backend.programs("jaeger") == null
            ? null
            : new Jaeger(folder.resolve("jaeger.log"), scraping.url(), "");
    int stockPort = Ports.free();
    ForkedJvm stock =
        service("stock", stockPage)
            .env("SONDE_REMOTE_WRITE_VERSION", "1")
            .env(
                "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                "base2_exponential_bucket_histogram")
            .arg("--spring.profiles.active=stock", "--spring.application.name=stock")
            .arg("--server.port=" + stockPort)
            .start();
    ForkedJvm shop =
        service("shop", shopPage)
            .env(
                "SONDE_REMOTE_WRITE_URL",
                pushed.url() + "/api/v1/write," + written.url() + "/api/v1/write")
            .env("SONDE_REMOTE_WRITE_VERSION", "2,1")
            .arg("--server.port=0", "--shop.stock-url=http://127.0.0.1:" + stockPort)
            .start();
    services = List.of(shop, stock);
    Pattern port = Pattern.compile("Tomcat started on port (\\d+)");
    stock.awaitLine(port, LONG);
    load = new ShopLoad(Integer.parseInt(shop.awaitLine(port, LONG).group(1)), 2);
  }

  /** The Jaeger; where none is built, the test says so and is skipped. */
  Jaeger jaeger() throws Exception {
    if (jaeger == null) {
      Backend.program("jaeger", "jaeger");
    }
    return Objects.requireNonNull(jaeger);
  }

  /** The page of a service's metrics. */
  String page(String service) {
    return "http://127.0.0.1:" + (service.equals("shop") ? shopPage : stockPage) + "/metrics";
  }

  /** Sends so many requests, so many a second. */
  Map<ShopLoad.Kind, Long> load(int requests, int rate) throws Exception {
    ShopLoad.Result result = load.run(requests, rate);
    assertEquals(0, result.unexpected());
    result.answered().forEach((kind, count) -> sent.merge(kind, count, Long::sum));
    return result.answered();
  }

  /** All that was sent so far. */
  double all() {
    return sent.values().stream().mapToDouble(Long::doubleValue).sum();
  }

  private JvmLaunch service(String name, int page) {
    Path jar = Path.of("..", "..", "sample-apps", "shop", "target", "shop.jar");
    assertTrue(Files.isRegularFile(jar), "build it first: mvn -pl sample-apps/shop package");
    String interval = Integer.toString(INTERVAL_MILLIS);
    return ForkedJvm.onCurrent()
        .quick()
        .jvmArg("-Xmx160m")
        .jar(jar)
        .agent()
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
        .env(
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
            jaeger == null ? sink.endpoint() + "/v1/traces" : jaeger.traces())
        .env("OTEL_BSP_SCHEDULE_DELAY", "100")
        .env("OTEL_LOGS_EXPORTER", "none")
        .env("OTEL_METRICS_EXPORTER", "prometheus,otlp")
        .env("OTEL_METRIC_EXPORT_INTERVAL", interval)
        .env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", pushed.url() + "/api/v1/otlp/v1/metrics")
        .env("OTEL_EXPORTER_PROMETHEUS_HOST", "127.0.0.1")
        .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(page))
        .env("SONDE_REMOTE_WRITE_URL", pushed.url() + "/api/v1/write")
        .env("SONDE_REMOTE_WRITE_LABELS", "job=written-" + name)
        .env("SONDE_METRICS_HISTOGRAMS", "both")
        .env("SONDE_METRICS_NAMES", "both")
        .env("SONDE_SPAN_METRICS", "jaeger,tempo,servicegraph");
  }

  private String scrapes() {
    String job =
        """
          - job_name: %s
            scrape_native_histograms: true
            always_scrape_classic_histograms: true
            static_configs: [{targets: ['127.0.0.1:%d']}]
        """;
    return """
        global: {scrape_interval: %1$dms, scrape_timeout: %1$dms, evaluation_interval: 500ms}
        rule_files: ['%2$s/recording.yml', '%2$s/alerts.yml']
        scrape_configs:
        """
            .formatted(INTERVAL_MILLIS, RULES)
        + job.formatted("shop", shopPage)
        + job.formatted("stock", stockPage);
  }

  @Override
  public void close() {
    services.forEach(ForkedJvm::close);
    if (jaeger != null) {
      jaeger.close();
    }
    sink.close();
    scraping.close();
    pushed.close();
    written.close();
  }
}
