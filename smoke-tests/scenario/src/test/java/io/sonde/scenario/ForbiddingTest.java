package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.sonde.apps.Forbidding;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.Ports;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An application that lets nobody but itself change threads, as Elasticsearch does. */
class ForbiddingTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  @Test
  void agentGoesOn_andWhatItSaysIsNoFailureOfTheApplication() throws Exception {
    Optional<Jdk> jdk =
        Jdks.all().stream()
            .filter(each -> each.version() <= 17)
            .max(Comparator.comparing(Jdk::version));
    assumeTrue(jdk.isPresent(), "not tested here: a JDK up to 17");
    AtomicInteger status = new AtomicInteger(200);
    int port = Ports.free();
    HttpServer receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()), 0);
    receiver.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    receiver.start();
    try (ForkedJvm jvm =
        ForkedJvm.on(jdk.orElseThrow())
            .agent()
            .env(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:" + receiver.getAddress().getPort())
            .env("OTEL_METRICS_EXPORTER", "otlp,prometheus")
            .env("OTEL_METRIC_EXPORT_INTERVAL", "100")
            .env("SONDE_HTTP_PORT", Integer.toString(port))
            .classPathOf(Forbidding.class)
            .main(Forbidding.class)
            .start()) {
      jvm.awaitLine(Pattern.compile("FORBIDS"), SOON);
      status.set(400);
      jvm.awaitErrorLine(Pattern.compile("\\[sonde] .*400.*"), SOON);
      HttpResponse<String> answer = page(port, jvm);
      assertEquals(200, answer.statusCode());
      assertTrue(answer.body().contains("jvm_thread_count"), answer.body());
      assertEquals(143, jvm.stop(SOON), () -> jvm.failure("ended by the agent").getMessage());
      assertEquals(List.of("FORBIDS"), jvm.stdout());
    } finally {
      receiver.stop(0);
    }
  }

  /** The endpoint may be later than the exporter. */
  private static HttpResponse<String> page(int port, ForkedJvm jvm) throws Exception {
    URI page = URI.create("http://127.0.0.1:" + port + "/metrics");
    long end = System.nanoTime() + SOON.toNanos();
    for (; ; ) {
      try {
        return HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
      } catch (ConnectException e) {
        assertTrue(System.nanoTime() < end, () -> jvm.failure("no page").getMessage());
        Thread.sleep(100);
      }
    }
  }
}
