package io.sonde.libraries.servers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sonde.testing.ReceivedSpan;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every servlet container must report of the application in {@code src/test/apps/servlet},
 * deployed at /shop.
 */
public interface ServletRequests {
  /** The server under test. */
  Served served();

  /** The error.type of a response that the client did not wait for. */
  String abandoned();

  /** The same of an asynchronous request, where two threads may be the first to notice. */
  default Set<String> abandonedAsynchronous() {
    return Set.of(abandoned());
  }

  /** The version that is agreed on over TLS, empty where this server has none on this JVM. */
  String versionOverTls();

  /** The route of what no servlet is mapped to: empty for none. */
  default String unmappedRoute() {
    return "";
  }

  @Test
  default void request_plain_hasEveryAttribute() {
    Exchange hello = served().get("/shop/hello?item=7&sig=secret");
    ReceivedSpan span = hello.expect("/shop/hello", 200);
    Map<String, Object> attributes = new TreeMap<>(span.attributes());
    assertTrue((Long) attributes.remove("network.peer.port") > 0);
    assertEquals(
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("http.request.method", "GET"),
                Map.entry("http.response.status_code", 200L),
                Map.entry("http.route", "/shop/hello"),
                Map.entry("url.scheme", "http"),
                Map.entry("url.path", "/shop/hello"),
                Map.entry("url.query", "item=7&sig=REDACTED"),
                Map.entry("server.address", "localhost"),
                Map.entry("server.port", (long) served().port()),
                Map.entry("client.address", "127.0.0.1"),
                Map.entry("network.peer.address", "127.0.0.1"),
                Map.entry("network.protocol.version", "1.1"),
                Map.entry("user_agent.original", "sonde-test"))),
        attributes);
    assertEquals(ReceivedSpan.Kind.SERVER, span.kind());
    assertEquals(hello.trace(), hello.header("x-trace"));
    assertEquals(
        "traceparent;desc=\"00-" + hello.trace() + '-' + span.spanId() + "-01\"",
        hello.header("Server-Timing"));
    assertEquals("Server-Timing", hello.header("Access-Control-Expose-Headers"));
  }

  @Test
  default void request_behindProxy_hasTheFirstHostAndClient() {
    ReceivedSpan span =
        served()
            .get(
                "/shop/hello",
                "X-Forwarded-Proto",
                "https",
                "X-Forwarded-Host",
                "shop.example",
                "X-Forwarded-For",
                "203.0.113.9, 10.0.0.1")
            .expect("/shop/hello", 200);
    assertEquals("https", span.attribute("url.scheme"));
    assertEquals("shop.example", span.attribute("server.address"));
    assertEquals(443L, span.attribute("server.port"));
    assertEquals("203.0.113.9", span.attribute("client.address"));
    assertEquals("127.0.0.1", span.attribute("network.peer.address"));
  }

  @Test
  default void request_unknownMethod_isOther() {
    ReceivedSpan span =
        served().send(Served.client(HttpClient.Version.HTTP_1_1), "BREW", "/shop/hello").span();
    assertEquals("HTTP /shop/hello", span.name());
    assertEquals("_OTHER", span.attribute("http.request.method"));
    assertEquals("BREW", span.attribute("http.request.method_original"));
  }

  @Test
  default void request_encodedPath_isReportedAsItCame() {
    ReceivedSpan span = served().get("/shop/files/a%20b").expect("/shop/files/*", 200);
    assertEquals("/shop/files/a%20b", span.attribute("url.path"));
  }

  @Test
  default void route_mappings_areTheirPatterns() {
    served().get("/shop/files/one/two").expect("/shop/files/*", 200);
    served().get("/shop/some/thing.do").expect("/shop/*.do", 200);
    served().get("/shop/forward").expect("/shop/forward", 200);
  }

  @Test
  default void status_unmapped_is404AndNoError() {
    served().get("/shop/nothing/here").expect(unmappedRoute(), 404);
    assertFalse(served().get("/nowhere").span().attributes().containsKey("error.type"));
  }

  @Test
  default void status_set_isReported() {
    served().get("/shop/status?code=204").expect("/shop/status", 204);
    served().get("/shop/status?code=404").expect("/shop/status", 404);
    served().get("/shop/status?code=503").expect("/shop/status", 503, "503");
    served().get("/shop/send-error?code=418").expect("/shop/send-error", 418);
    served().get("/shop/send-error?code=502").expect("/shop/send-error", 502, "502");
  }

  @Test
  default void exception_thrown_is500WithItsEvent() {
    expectException(
        served().get("/shop/fail").expect("/shop/fail", 500, "500"),
        "java.lang.IllegalStateException",
        "on purpose");
    expectException(
        served().get("/shop/wrapped").expect("/shop/wrapped", 500, "500"),
        "java.lang.IllegalArgumentException",
        "inside");
  }

  /** Checks the one exception event of a span. */
  static void expectException(ReceivedSpan span, String type, String message) {
    assertEquals(1, span.events().size(), span.toString());
    ReceivedSpan.Event event = span.events().get(0);
    assertEquals("exception", event.name());
    assertEquals(type, event.attributes().get("exception.type"));
    assertEquals(message, event.attributes().get("exception.message"));
    assertTrue(String.valueOf(event.attributes().get("exception.stacktrace")).contains(type));
  }

  @Test
  default void async_completed_endsWithTheAnswer() {
    for (String path : List.of("/shop/async", "/shop/async-start")) {
      Exchange async = served().get(path);
      ReceivedSpan span = async.expect(path, 200);
      assertEquals("hello", async.body());
      assertTrue(span.durationNanos() >= 50_000_000, span.toString());
      assertEquals(async.trace(), async.header("x-trace"));
      assertEquals(async.trace(), async.header("x-trace-later"), path);
    }
  }

  @Test
  default void async_dispatched_keepsItsFirstRoute() {
    Exchange async = served().get("/shop/async-dispatch");
    ReceivedSpan span = async.expect("/shop/async-dispatch", 200);
    assertEquals("hello", async.body());
    assertEquals(async.trace(), async.header("x-trace"));
    assertTrue(span.durationNanos() >= 50_000_000, span.toString());
  }

  @Test
  default void async_failed_is500() {
    ReceivedSpan span = served().get("/shop/async-fail").expect("/shop/async-fail", 500, "500");
    assertTrue(span.events().toString().contains("on purpose"), span.toString());
  }

  @Test
  default void async_timedOut_endsAtTheTimeout() {
    ReceivedSpan span =
        served().get("/shop/async-timeout").expect("/shop/async-timeout", 500, "500");
    assertTrue(span.durationNanos() >= 200_000_000, span.toString());
    Exchange handled = served().get("/shop/async-timeout-handled");
    span = handled.expect("/shop/async-timeout-handled", 504, "504");
    assertEquals(handled.trace(), handled.header("x-trace-later"));
    assertTrue(span.durationNanos() >= 200_000_000, span.toString());
  }

  @Test
  default void client_leaves_isAnError() {
    ReceivedSpan span = served().span(served().abandon("/shop/large"));
    assertEquals(200L, span.attribute("http.response.status_code"), span.toString());
    assertEquals(abandoned(), span.attribute("error.type"), span.toString());
    assertEquals(ReceivedSpan.Status.ERROR, span.status());
  }

  @Test
  default void client_leavesAnAsynchronousRequest_isAnError() {
    ReceivedSpan span = served().span(served().abandon("/shop/async-large"));
    assertEquals("/shop/async-large", span.attribute("http.route"));
    assertEquals(200L, span.attribute("http.response.status_code"), span.toString());
    Object error = span.attribute("error.type");
    assertTrue(abandonedAsynchronous().contains("" + error), span.toString());
    assertEquals(ReceivedSpan.Status.ERROR, span.status());
  }

  @Test
  default void keepAlive_manyRequests_leakNothing() {
    HttpClient one = Served.client(HttpClient.Version.HTTP_1_1);
    List<Exchange> exchanges = new ArrayList<>();
    for (String path : List.of("hello", "fail", "async", "hello", "async-fail", "none", "hello")) {
      exchanges.add(served().send(one, "GET", "/shop/" + path));
    }
    for (Exchange exchange : exchanges) {
      ReceivedSpan span = exchange.span();
      assertEquals((long) exchange.status(), span.attribute("http.response.status_code"));
      if (exchange.status() == 200) {
        assertEquals(exchange.trace(), exchange.header("x-trace"));
        assertTrue(span.events().isEmpty(), span.toString());
      }
    }
  }

  @Test
  default void requests_concurrent_areNotMixedUp() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Exchange>> calls = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        String path = i % 3 == 0 ? "async" : i % 3 == 1 ? "async-start" : "hello?sleep=5";
        calls.add(threads.submit(() -> served().get("/shop/" + path)));
      }
      for (Future<Exchange> call : calls) {
        Exchange exchange = call.get(30, TimeUnit.SECONDS);
        assertEquals(200, exchange.status());
        assertEquals(exchange.trace(), exchange.header("x-trace"));
        if (!exchange.header("x-trace-later").isEmpty()) {
          assertEquals(exchange.trace(), exchange.header("x-trace-later"));
        }
        exchange.span();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  default void http2_requests_haveVersion2() {
    HttpClient http2 = Served.client(HttpClient.Version.HTTP_2);
    // The first one upgrades the connection, which Undertow reports as a request of its own.
    assertEquals(200, served().send(http2, "GET", "/shop/hello").status());
    Exchange second = served().send(http2, "GET", "/shop/async");
    ReceivedSpan span = second.expect("/shop/async", 200);
    assertEquals("2", span.attribute("network.protocol.version"));
    assertEquals("localhost", span.attribute("server.address"));
    assertEquals((long) served().port(), span.attribute("server.port"));
    assertEquals(second.trace(), second.header("x-trace-later"));
  }

  @Test
  default void https_requests_haveTheirScheme() {
    assumeFalse(versionOverTls().isEmpty());
    int port = served().port("TLS");
    URI hello = URI.create("https://localhost:" + port + "/shop/hello");
    Exchange exchange = served().send(Served.client(HttpClient.Version.HTTP_2), "GET", hello);
    ReceivedSpan span = exchange.expect("/shop/hello", 200);
    assertEquals(versionOverTls(), exchange.version());
    assertEquals(versionOverTls(), span.attribute("network.protocol.version"));
    assertEquals("https", span.attribute("url.scheme"));
    assertEquals("localhost", span.attribute("server.address"));
    assertEquals((long) port, span.attribute("server.port"));
    assertEquals("127.0.0.1", span.attribute("client.address"));
    assertTrue(exchange.header("Server-Timing").contains(span.spanId()));
  }

  @Test
  default void request_notSampled_sendsNothing() {
    Exchange quiet =
        served()
            .get(
                "/shop/hello",
                "traceparent",
                "00-" + "12".repeat(16) + "-" + "34".repeat(8) + "-00");
    assertEquals(200, quiet.status());
    served().get("/shop/hello").span();
    assertTrue(served().sink().spans().stream().noneMatch(s -> s.traceId().startsWith("1212")));
  }
}
