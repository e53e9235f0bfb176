package io.sonde.libraries.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pools of connections and threads as a scrape shows them, in the oldest and newest versions. */
class PoolMetricsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @CsvSource({
    "8, 2.5.1, 2.0, 8.5.0, 8.5.0, 9.4.0.v20161208, 3.8.0.Final, 2.3.3.Final",
    "17, 4.0.3, 2.9.0, 9.0.98, 9.0.60, 10.0.12, 3.8.0.Final, 2.3.3.Final",
    "25, 7.0.2, 2.13.0, 11.0.0, 11.0.0, 12.1.0, 3.8.16.Final, 3.7.0.Final"
  })
  void pools_areShown_andVanishWithThePool(
      int jdk,
      String hikari,
      String dbcp,
      String jdbc,
      String tomcat,
      String jetty,
      String xnio,
      String threads)
      throws Exception {
    Optional<Jdk> home = Jdks.of(jdk);
    assumeTrue(home.isPresent(), () -> "no JDK " + jdk + " here");
    List<Path> libraries =
        Artifacts.classPath(
            "com.zaxxer:HikariCP:" + hikari,
            "org.apache.commons:commons-dbcp2:" + dbcp,
            "org.apache.tomcat:tomcat-jdbc:" + jdbc,
            "org.apache.tomcat.embed:tomcat-embed-core:" + tomcat,
            "org.eclipse.jetty:jetty-util:" + jetty,
            "org.jboss.xnio:xnio-nio:" + xnio,
            "org.jboss.threads:jboss-threads:" + threads,
            "com.h2database:h2:1.4.200");
    int port = Ports.free();
    try (ForkedJvm app =
        ForkedJvm.on(home.get())
            .classPath(AppSource.of("poolmetrics").release(jdk == 8 ? 8 : 17).compile(libraries))
            .main("app.PoolMetricsMain")
            .agent()
            .env("OTEL_METRICS_EXPORTER", "prometheus")
            .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(port))
            .env("SONDE_JMX_CONFIG", rules().toString())
            .start()) {
      URI drop = URI.create("http://localhost:" + app.awaitPort(PATIENCE) + "/drop");
      URI metrics = URI.create("http://localhost:" + port + "/metrics");
      String page = get(metrics);
      for (String pool : List.of("orders-1", "h2database/shop", "tomcat")) {
        assertConnections(page, pool);
      }
      connection(page, "idle_min", "orders-1", "1");
      connection(page, "pending_requests", "orders-1", "0");
      connection(page, "create_time_seconds_count", "orders-1", "2");
      connection(page, "use_time_seconds_count", "orders-1", "1");
      worker(page, "worker-orders", 2, 0, 2, 1);
      rejected(page, "worker-orders", 1);
      Pattern begun = Pattern.compile("wait_time_seconds_count\\{[^}]*\"tomcat-waits\"} 3");
      for (int i = 0; i < 50 && !begun.matcher(page).find(); i++) {
        Thread.sleep(100); // a busy machine has not begun all of them yet
        page = get(metrics);
      }
      worker(page, "pool", 2, 0, 6, 0);
      waited(page, "worker-orders", 2, 0);
      waited(page, "waiting", 3, 0.06);
      waited(page, "scheduling", 2, 0.06);
      waited(page, "forks", 3, 0.06);
      rejected(page, "forks", 0);
      waited(page, "shut", 1, 0);
      rejected(page, "shut", 3);
      if (jdk >= 25) {
        waited(page, "delayed", 2, 0);
        rejected(page, "delayed", 1);
      }
      worker(page, "catalina-exec", 1, 0, 4, 0);
      // Jetty may start a third thread for the task while its first two are not ready yet.
      worker(page, "jetty", 1, "[12]", 5, 0);
      has(page, "executor_queue_length", "executor_name=\"XNIO-1 task\"", "0");
      for (String server : List.of("tomcat-waits", "jetty-waits", "xnio-waits task")) {
        waited(page, server, server.startsWith("jetty") ? 4 : 3, 0.06);
        boolean twice = server.startsWith("tomcat") && !tomcat.startsWith("11");
        rejected(page, server, twice ? 2 : 1);
      }
      rejected(page, "tomcat-threadless", 0);
      has(page, "executor_threads_max", "executor_name=\"Scheduler\"", "1");
      has(page, "executor_threads_max", "executor_name=\"ForkJoinPool\"", "2");
      has(page, "executor_threads_max", "executor_name=\"dropped\"", "1");
      assertTrue(page.contains("jvm_thread_state=\"waiting\""), page);
      assertTrue(page.contains("\njvm_file_descriptor_count{"), page);
      assertTrue(page.contains("jvm_buffer_pool_name=\"direct\""), page);
      assertTrue(page.contains("\nsonde_thread_allocated_bytes_total{"), page);
      has(page, "app_memory_bytes", "area=\"heap\",kind=\"max\"", "[0-9.E]+");
      assertEquals(
          1, Pattern.compile("# TYPE jvm_memory_used_bytes ").matcher(page).results().count());
      for (int i = 0; i < 20 && page.contains("\"dropped\""); i++) {
        get(drop);
        page = get(metrics);
      }
      assertFalse(page.contains("\"dropped\""), page);
      app.awaitErrorLine(Pattern.compile("^\\[sonde\\] "), PATIENCE);
      List<String> said = app.stderr().stream().filter(l -> l.startsWith("[sonde]")).toList();
      assertEquals(1, said.size(), said::toString);
      assertTrue(
          said.get(0).endsWith("metric of that name: jvm_memory_used_bytes"), said::toString);
    }
  }

  private static void assertConnections(String page, String pool) {
    String state = "\",db_client_connection_state=\"";
    connection(page, "count", pool + state + "used", "1");
    connection(page, "count", pool + state + "idle", "1");
    connection(page, "max", pool, "2");
    connection(page, "idle_max", pool, "2");
    connection(page, "timeouts_total", pool, "1");
    connection(page, "wait_time_seconds_count", pool, "2");
  }

  private static void connection(String page, String name, String pool, String value) {
    String label = "db_client_connection_pool_name=\"" + pool + '"';
    has(page, "db_client_connection_" + name, label, value);
  }

  private static void worker(String page, String name, int active, int idle, int max, int queued) {
    worker(page, name, active, Integer.toString(idle), max, queued);
  }

  private static void worker(
      String page, String name, int active, String idle, int max, int queued) {
    String label = "executor_name=\"" + name + '"';
    String state = label + ",executor_thread_state=\"";
    has(page, "executor_threads", state + "active\"", Integer.toString(active));
    has(page, "executor_threads", state + "idle\"", idle);
    has(page, "executor_threads_max", label, Integer.toString(max));
    has(page, "executor_queue_length", label, Integer.toString(queued));
  }

  private static void rejected(String page, String name, int tasks) {
    String label = "executor_name=\"" + name + '"';
    has(page, "executor_tasks_rejected_total", label, Integer.toString(tasks));
  }

  /** Tasks that began, and for how many seconds they waited together at least. */
  private static void waited(String page, String name, int tasks, double seconds) {
    String label = "executor_name=\"" + name + '"';
    String metric = "executor_tasks_wait_time_seconds";
    has(page, metric + "_count", label, Integer.toString(tasks));
    Matcher sum =
        Pattern.compile("^" + metric + "_sum\\{[^}]*" + label + "} ([0-9.E-]+)$", Pattern.MULTILINE)
            .matcher(page);
    assertTrue(sum.find(), page);
    double sums = Double.parseDouble(sum.group(1));
    assertTrue(sums >= seconds && sums < 60, () -> name + ": " + sums + " s");
    String most = Integer.toString(seconds > 0.05 ? tasks - 1 : tasks);
    has(page, metric + "_bucket", label + ",le=\"0.05\"", "[0-" + most + "]");
  }

  private static void has(String page, String name, String labels, String value) {
    Pattern line =
        Pattern.compile(
            "^" + name + "\\{[^}]*" + Pattern.quote(labels) + "} " + value + "$",
            Pattern.MULTILINE);
    assertTrue(line.matcher(page).find(), () -> "no " + line + " in\n" + page);
  }

  /** A rule that makes a metric, and one that takes a name of the agent's. */
  private static Path rules() throws IOException {
    return Files.writeString(
        Files.createTempFile(Path.of("target"), "rules", ".yaml").toAbsolutePath(),
        """
        whitelistObjectNames: ['java.lang:type=Memory']
        rules:
        - pattern: 'java.lang<type=Memory><HeapMemoryUsage>(max|used)'
          name: app_memory_bytes
          labels: {area: heap, kind: $1}
        - pattern: java.lang<type=Memory><NonHeapMemoryUsage>used
          name: jvm_memory_used_bytes
        """);
  }

  private String get(URI target) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(target).timeout(PATIENCE).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }
}
