package io.sonde.libraries.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** java.net.http on every JDK that has it. */
@ParameterizedClass
@MethodSource("jdks")
class HttpClientTest {
  private static List<Path> app;
  private static Run run;

  private final Jdk jdk;

  HttpClientTest(Jdk jdk) {
    this.jdk = jdk;
  }

  static List<Jdk> jdks() {
    return Jdks.all().stream().filter(jdk -> jdk.version() >= 11).toList();
  }

  @BeforeAll
  static void compile() {
    app = AppSource.of("httpclient").release(11).compile(List.of());
  }

  @BeforeParameterizedClassInvocation
  static void start(Jdk jdk) {
    run = Run.of(ForkedJvm.on(jdk).classPath(app).main("app.HttpClientMain"));
  }

  @Test
  void send_everyAttribute() {
    ReceivedSpan span = run.client("send");
    assertEquals("GET", span.name());
    assertEquals(Status.UNSET, span.status());
    assertTrue(span.isRoot());
    Object port = span.attribute("server.port");
    TreeMap<String, Object> expected = new TreeMap<>();
    expected.put("http.request.method", "GET");
    expected.put("http.response.status_code", 200L);
    expected.put("network.protocol.version", "1.1");
    expected.put("server.address", "localhost");
    expected.put("server.port", port);
    expected.put("url.full", "http://localhost:" + port + "/hello?case=send");
    assertEquals(expected, span.attributes());
  }

  @Test
  void everyRequest_carriesItsSpanOnce() {
    for (String name :
        List.of(
            "send",
            "status",
            "redirect",
            "post",
            "headers",
            "own",
            "timeout",
            "async",
            "first",
            "second",
            "cancelled",
            "interrupted",
            "work")) {
      assertEquals(run.client(name).spanId(), run.server(name).parentSpanId(), name);
    }
    for (String name : List.of("send", "post", "own", "async")) {
      assertTrue(run.printed(name).endsWith("two null parents 1"), run.printed(name));
    }
    assertEquals("200 two [1, 2] parents 1", run.printed("headers"));
  }

  @Test
  void status404_error() {
    ReceivedSpan span = run.client("status");
    assertEquals(Status.ERROR, span.status());
    assertEquals("404", span.attribute("error.type"));
    assertEquals(404L, span.attribute("http.response.status_code"));
  }

  @Test
  void redirect_oneSpanOverBothRequests() {
    ReceivedSpan span = run.client("redirect");
    assertEquals(200L, span.attribute("http.response.status_code"));
    assertEquals(span.spanId(), run.server("redirected").parentSpanId());
    assertEquals(302L, run.server("redirect").attribute("http.response.status_code"));
  }

  @Test
  void noResponse_error() {
    assertError("timeout", "java.net.http.HttpTimeoutException");
    assertError("refused", "java.net.ConnectException");
    assertEquals("java.net.http.HttpTimeoutException", run.printed("timeout"));
    assertEquals("java.net.ConnectException", run.printed("refused"));
  }

  @Test
  void cancelled_error() {
    assertEquals("true", run.printed("cancelled"));
    assertError("cancelled", "java.util.concurrent.CancellationException");
    assertEquals("java.lang.InterruptedException", run.printed("interrupted"));
    if (jdk.version() >= 17) {
      assertError("interrupted", "java.util.concurrent.CancellationException");
    }
  }

  private static void assertError(String name, String type) {
    ReceivedSpan span = run.client(name);
    assertEquals(Status.ERROR, span.status(), name);
    assertEquals(type, span.attribute("error.type"));
  }

  @Test
  void webSocket_stillAsksForOne() {
    assertTrue(run.printed.contains("webSocket: true true"), run.printed::toString);
    assertTrue(run.printed.contains("webSocket: WebSocketHandshakeException"));
    assertEquals(403L, run.client("webSocket").attribute("http.response.status_code"));
  }

  @Test
  void chainOutsideRequest_aTraceEach() {
    assertTrue(run.client("first").isRoot());
    assertTrue(run.client("second").isRoot());
  }

  @Test
  void chainInRequest_belongsToIt() {
    String request = run.server("work").spanId();
    for (String name : List.of("workFirst", "workSecond", "workThird")) {
      assertEquals(request, run.client(name).parentSpanId(), name);
    }
  }
}
