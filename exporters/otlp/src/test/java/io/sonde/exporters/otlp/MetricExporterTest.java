package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sonde.core.Delivery;
import io.sonde.core.Headers;
import io.sonde.core.Red;
import io.sonde.core.ServerSpan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class MetricExporterTest {
  private static final Headers<Map<String, String>> HEADERS = Map::get;

  /** A graceful stop answers requests after the JVM has begun to end. */
  @Test
  void jvmEnds_itIsSentAtOnce_andWhatIsRecordedLaterToo() throws Exception {
    List<String> received = new CopyOnWriteArrayList<>();
    InetAddress here = InetAddress.getByName("localhost");
    HttpServer server = HttpServer.create(new InetSocketAddress(here, 0), 0);
    server.createContext(
        "/v1/metrics",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    String url = "http://localhost:" + server.getAddress().getPort();
    try (Export export = Export.slow("OTEL_EXPORTER_OTLP_ENDPOINT", url)) {
      Red red = Red.start(10);
      Target target = Objects.requireNonNull(Target.ofMetrics(export.settings));
      MetricExporter exporter =
          new MetricExporter(
              target, red, red, 60_000, Temporality.CUMULATIVE, false, new Delivery(), export);
      Thread thread = new Thread(exporter, "sonde-metrics");
      thread.setDaemon(true);
      thread.start();
      call("/early");
      Export.sleep(100);
      exporter.flush();
      assertEquals(1, received.size());
      assertTrue(received.get(0).contains("/early"));
      call("/late");
      export.await(
          () -> received.get(received.size() - 1).contains("/late"), "what was recorded later");
      exporter.stop();
      thread.join(10_000);
    } finally {
      server.stop(0);
    }
  }

  private static void call(String route) {
    ServerSpan span = ServerSpan.start(Map.of(), HEADERS, "GET");
    span.route(route, 2);
    span.status(200);
    span.exit();
    span.end();
  }
}
