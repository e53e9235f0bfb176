package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sonde.core.Delivery;
import io.sonde.core.Headers;
import io.sonde.core.Red;
import io.sonde.core.ServerSpan;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** Its connection would be idle for minutes and closed by somebody on the way. */
  @Test
  void receiverAsksForALongPause_noConnectionIsKept_andTheJvmsEndAsksOnce() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    CountDownLatch closed = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("localhost"));
        Export export =
            Export.slow(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:" + server.getLocalPort())) {
      Thread receiver = new Thread(() -> asksForAPause(server, requests, closed));
      receiver.setDaemon(true);
      receiver.start();
      Red red = Red.start(10);
      Target target = Objects.requireNonNull(Target.ofMetrics(export.settings));
      MetricExporter exporter =
          new MetricExporter(
              target, red, red, 100, Temporality.CUMULATIVE, false, new Delivery(), export);
      Thread thread = new Thread(exporter, "sonde-metrics");
      thread.setDaemon(true);
      thread.start();
      call("/early");
      assertTrue(closed.await(60, TimeUnit.SECONDS), "the connection is kept");
      assertEquals(1, requests.get());
      exporter.flush();
      export.await(() -> requests.get() == 2, "the last request");
      call("/late");
      Export.sleep(700); // three intervals
      assertEquals(2, requests.get());
      exporter.stop();
      thread.join(10_000);
    }
  }

  private static void asksForAPause(
      ServerSocket server, AtomicInteger requests, CountDownLatch closed) {
    while (true) {
      try (Socket client = server.accept()) {
        InputStream in = new BufferedInputStream(client.getInputStream());
        for (int length = length(in); length >= 0; length = length(in)) {
          in.readNBytes(length);
          requests.incrementAndGet();
          String answer = "HTTP/1.1 503 no\r\nRetry-After: 500\r\nContent-Length: 0\r\n\r\n";
          client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
        closed.countDown();
      } catch (IOException e) {
        if (server.isClosed()) {
          return;
        }
      }
    }
  }

  /** Reads a head and says how long its body is; -1 where the connection ends. */
  private static int length(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int c = in.read();
      if (c < 0) {
        return -1;
      }
      head.append((char) c);
    }
    Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
    return length.find() ? Integer.parseInt(length.group(1)) : 0;
  }

  private static void call(String route) {
    ServerSpan span = ServerSpan.start(Map.of(), HEADERS, "GET");
    span.route(route, 2);
    span.status(200);
    span.exit();
    span.end();
  }
}
