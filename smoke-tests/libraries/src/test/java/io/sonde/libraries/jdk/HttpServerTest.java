package io.sonde.libraries.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.JdkHttp;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** com.sun.net.httpserver and HttpURLConnection on every JDK. */
@ParameterizedClass
@MethodSource("jdks")
class HttpServerTest {
  private static final String REMOTE_TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String REMOTE_SPAN = "b7ad6b7169203331";

  private static Run run;

  private final Jdk jdk;

  HttpServerTest(Jdk jdk) {
    this.jdk = jdk;
  }

  static List<Jdk> jdks() {
    return Jdks.all();
  }

  @BeforeParameterizedClassInvocation
  static void start(Jdk jdk) {
    run =
        Run.of(
            ForkedJvm.on(jdk)
                .classPathOf(JdkHttp.class)
                .main(JdkHttp.class)
                .env("SONDE_SERVER_TIMING", "true"));
  }

  private static Map<String, Object> attributes(ReceivedSpan span, String... without) {
    Map<String, Object> attributes = new TreeMap<>(span.attributes());
    for (String name : without) {
      attributes.remove(name);
    }
    return attributes;
  }

  private static Map<String, Object> map(Object... pairs) {
    Map<String, Object> map = new TreeMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @Test
  void server_everyAttribute() {
    ReceivedSpan span = run.server("raw");
    assertEquals("GET /hello", span.name());
    assertEquals(Status.UNSET, span.status());
    assertTrue(span.isRoot());
    assertEquals(
        map(
            "client.address", "127.0.0.1",
            "http.request.method", "GET",
            "http.response.status_code", 200L,
            "http.route", "/hello",
            "network.peer.address", "127.0.0.1",
            "network.protocol.version", "1.1",
            "server.address", "shop.example",
            "server.port", 80L,
            "url.path", "/hello",
            "url.query", "case=raw&sig=REDACTED",
            "url.scheme", "http",
            "user_agent.original", "raw/1"),
        attributes(span, "network.peer.port"));
    assertTrue(span.attribute("network.peer.port") instanceof Long);
  }

  @Test
  void server_http10WithoutHost() {
    ReceivedSpan span = run.server("http10");
    assertEquals("1.0", span.attribute("network.protocol.version"));
    assertNull(span.attribute("server.address"));
    assertNull(span.attribute("server.port"));
  }

  @Test
  void server_behindProxy() {
    ReceivedSpan span = run.server("forwarded");
    assertEquals("https", span.attribute("url.scheme"));
    assertEquals("shop.example", span.attribute("server.address"));
    assertEquals(8443L, span.attribute("server.port"));
    assertEquals("203.0.113.9", span.attribute("client.address"));
    assertEquals("127.0.0.1", span.attribute("network.peer.address"));
  }

  @Test
  void server_continuesRemoteTrace() {
    for (String name : List.of("remote", "nowhere")) {
      ReceivedSpan span = run.server(name);
      assertEquals(REMOTE_TRACE, span.traceId());
      assertEquals(REMOTE_SPAN, span.parentSpanId());
    }
  }

  @Test
  void server_unknownMethod() {
    ReceivedSpan span = run.server("unknown");
    assertEquals("HTTP /hello", span.name());
    assertEquals("_OTHER", span.attribute("http.request.method"));
    assertEquals("FETCH", span.attribute("http.request.method_original"));
  }

  @Test
  void server_pathWithoutContext_404WithoutRoute() {
    ReceivedSpan span = run.server("nowhere");
    assertEquals("GET", span.name());
    assertEquals(Status.UNSET, span.status());
    assertEquals(
        map(
            "http.request.method", "GET",
            "http.response.status_code", 404L,
            "network.protocol.version", "1.1",
            "server.address", "shop.example",
            "server.port", 80L,
            "url.path", "/nowhere/7",
            "url.query", "case=nowhere",
            "url.scheme", "http"),
        attributes(span));
  }

  @Test
  void server_answersAfterTheHandlerReturned() {
    ReceivedSpan span = run.server("late");
    assertEquals(200L, span.attribute("http.response.status_code"));
    assertTrue(span.durationNanos() > 200_000_000L, span::toString);
    ReceivedSpan inner = run.client("inner");
    assertEquals(span.spanId(), inner.parentSpanId());
    assertEquals(inner.spanId(), run.server("inner").parentSpanId());
    assertTrue(inner.endEpochNanos() <= span.endEpochNanos());
  }

  @Test
  void server_handlerThrows_errorWithoutStatus() {
    ReceivedSpan span = run.server("throws");
    assertEquals(Status.ERROR, span.status());
    assertEquals("java.lang.IllegalStateException", span.attribute("error.type"));
    assertNull(span.attribute("http.response.status_code"));
    assertEquals("exception", span.events().get(0).name());
  }

  @Test
  void server_handlerThrowsAfterTheResponse_bothAreThere() {
    ReceivedSpan span = run.server("closes");
    assertEquals(200L, span.attribute("http.response.status_code"));
    assertEquals("java.lang.IllegalStateException", span.attribute("error.type"));
  }

  @Test
  void server_filters_oneSpan() {
    assertEquals("GET /filtered", run.server("filtered").name());
  }

  @Test
  void server_clientGone_ioError() {
    ReceivedSpan span = run.server("gone");
    assertEquals(Status.ERROR, span.status());
    assertEquals(200L, span.attribute("http.response.status_code"));
    assertEquals("java.io.IOException", span.attribute("error.type"));
  }

  @Test
  void server_timingHeader_namesTheSpan() {
    ReceivedSpan span = run.server("raw");
    String head = run.printed("raw");
    String expected =
        "Server-timing: traceparent;desc=\"00-" + span.traceId() + "-" + span.spanId() + "-01\"|";
    assertTrue(head.contains(expected), head);
    assertTrue(head.contains("Access-control-expose-headers: Server-Timing|"), head);
  }

  @Test
  void everyRequest_hasOneServerSpan() {
    long servers = run.spans.stream().filter(span -> span.kind() == Kind.SERVER).count();
    // 12 raw ones without the garbage, inner, and those of the client: all but 3, one redirected.
    assertEquals(12 + 1 + 15, servers);
  }

  @Test
  void client_everyAttribute() {
    ReceivedSpan span = run.client("get");
    assertEquals("GET", span.name());
    assertEquals(Status.UNSET, span.status());
    assertTrue(span.isRoot());
    Object port = span.attribute("server.port");
    assertEquals(
        map(
            "http.request.method",
            "GET",
            "http.response.status_code",
            200L,
            "network.protocol.version",
            "1.1",
            "server.address",
            "localhost",
            "server.port",
            port,
            "url.full",
            "http://localhost:" + port + "/parent?case=get"),
        attributes(span));
  }

  @Test
  void client_sendsOneHeaderToTheServer() {
    for (String name :
        List.of(
            "get",
            "twice",
            "connectFirst",
            "headers",
            "secret",
            "fixed",
            "chunked",
            "buffered",
            "put",
            "misused",
            "status404",
            "status500",
            "timeout")) {
      assertEquals(run.client(name).spanId(), run.server(name).parentSpanId(), name);
    }
    assertEquals("200 1", run.printed("get"));
    assertEquals("200 1", run.printed("connectFirst"));
  }

  @Test
  void client_bodies_method() {
    for (String name : List.of("fixed", "chunked", "buffered")) {
      assertEquals("POST", run.client(name).name(), name);
      assertEquals("200 5", run.printed(name));
    }
    assertEquals("PUT", run.client("put").name());
    assertEquals("GET", run.client("misused").name());
  }

  @Test
  void client_errorStatus() {
    for (String status : List.of("404", "500")) {
      ReceivedSpan span = run.client("status" + status);
      assertEquals(Status.ERROR, span.status());
      assertEquals(Long.valueOf(status), span.attribute("http.response.status_code"));
      assertEquals(status, span.attribute("error.type"));
      assertTrue(run.printed("status" + status).endsWith(" status"));
    }
    assertEquals(Status.UNSET, run.server("status404").status());
    assertEquals(Status.ERROR, run.server("status500").status());
    assertEquals("500", run.server("status500").attribute("error.type"));
  }

  @Test
  void client_redirect_oneSpanOverBothRequests() {
    ReceivedSpan span = run.client("redirected");
    assertEquals(200L, span.attribute("http.response.status_code"));
    assertEquals(302L, run.server("redirected").attribute("http.response.status_code"));
    long below =
        run.spans.stream().filter(other -> other.parentSpanId().equals(span.spanId())).count();
    assertEquals(2, below);
  }

  @Test
  void client_passwordInUrl_isRedacted() {
    String url = String.valueOf(run.client("secret").attribute("url.full"));
    assertTrue(url.startsWith("http://REDACTED:REDACTED@localhost:"), url);
  }

  @Test
  void client_noResponse_error() {
    assertError("timeout", "java.net.SocketTimeoutException");
    assertError("refused", "java.net.ConnectException");
    assertError("badHost", "java.net.UnknownHostException");
    assertError("resent", "java.net.SocketException");
  }

  private static void assertError(String name, String type) {
    ReceivedSpan span = run.client(name);
    assertEquals(type, run.printed(name));
    assertEquals(Status.ERROR, span.status());
    assertEquals(type, span.attribute("error.type"));
    assertNull(span.attribute("http.response.status_code"));
  }

  @Test
  void spans_areOfThisJdk() {
    assertNotEquals(0, run.spans.size());
    String version = String.valueOf(run.spans.get(0).resource().get("process.runtime.version"));
    String feature = jdk.version() == 8 ? "1.8" : String.valueOf(jdk.version());
    assertTrue(version.startsWith(feature), version);
  }
}
