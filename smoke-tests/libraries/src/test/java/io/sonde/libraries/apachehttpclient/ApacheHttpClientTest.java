package io.sonde.libraries.apachehttpclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Apache HttpClient: artifacts, how a client is made, sources, JDK, and the clients there are. */
@ParameterizedClass
@CsvSource({
  "httpclient:4.0.3, old, apache4, 8, Classic",
  "httpclient:4.2.6, old, apache4, 8, Classic",
  "httpasyncclient:4.0.2, old, apache4 apache4-async, 11, Classic Async",
  "httpasyncclient:4.1.5, new, apache4 apache4-async, 17, Classic Async",
  "client5:httpclient5:5.0.4, new, apache5, 8, Classic Async",
  "client5:httpclient5:5.6.5, new, apache5, 25, Classic Async"
})
class ApacheHttpClientTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What the peer saw: traceparent headers by case. */
  private static final Map<String, List<String>> PARENTS = new ConcurrentHashMap<>();

  private static HttpServer peer;
  private static int closedPort;
  private static OtlpSink sink;
  private static ForkedJvm app;
  private static List<String> clients;

  ApacheHttpClientTest(String artifact, String age, String sources, int jdk, String clients) {}

  @BeforeAll
  static void startPeer() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    peer = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    peer.setExecutor(Executors.newCachedThreadPool());
    peer.createContext("/", ApacheHttpClientTest::answer);
    peer.start();
    closedPort = Ports.free();
  }

  @AfterAll
  static void stopPeer() {
    peer.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getQuery().split("[=&]")[1];
    PARENTS
        .computeIfAbsent(name, key -> new CopyOnWriteArrayList<>())
        .addAll(exchange.getRequestHeaders().getOrDefault("traceparent", List.of("none")));
    exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/slow")) {
      try {
        Thread.sleep(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    if (path.equals("/302")) {
      exchange.getResponseHeaders().set("Location", "/200?case=" + name);
    }
    if (path.equals("/307")) {
      exchange.getResponseHeaders().set("Location", closed(name));
    }
    exchange.sendResponseHeaders(
        path.equals("/slow") ? 200 : Integer.parseInt(path.substring(1)), 2);
    exchange.getResponseBody().write(new byte[] {'o', 'k'});
    exchange.close();
  }

  private static String closed(String name) {
    return "http://localhost:" + closedPort + "/?case=" + name;
  }

  @BeforeParameterizedClassInvocation
  static void run(String artifact, String age, String sources, int jdk, String which) {
    PARENTS.clear();
    clients = List.of(which.split(" "));
    sink = OtlpSink.http();
    String group = "org.apache.httpcomponents";
    List<Path> library =
        Artifacts.classPath(group + (artifact.startsWith("client5") ? "." : ":") + artifact);
    List<String> folders = new ArrayList<>(List.of(sources.split(" ")));
    folders.add("apache");
    AppSource source = AppSource.of(folders.toArray(String[]::new));
    if (age.equals("new")) {
      source
          .replace("minimal = new DefaultHttpClient()", "minimal = HttpClients.createMinimal()")
          .replace("new DefaultHttpClient()", "HttpClients.createDefault()")
          .replace("impl.client.DefaultHttpClient", "impl.client.HttpClients");
    }
    app =
        ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
            .agent(sink)
            .quick()
            .jvmArg("-Xmx96m")
            .classPath(source.compile(library))
            .main("app.ApacheMain")
            .arg("http://localhost:" + peer.getAddress().getPort())
            .arg("http://localhost:" + closedPort)
            .arg(clients.toArray(String[]::new))
            .start();
    app.awaitLine(Pattern.compile("^DONE"), PATIENCE);
    sink.awaitSpans(span -> span.kind() == Kind.SERVER, clients.size(), PATIENCE);
    sink.awaitAll(app, PATIENCE);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    app.close();
    sink.close();
  }

  @Test
  void get_hasEveryAttribute_andThePeerSeesTheSpan() {
    for (String client : clients) {
      expect(client + ".ok", "GET", "/200", 200);
    }
  }

  @Test
  void post_hasItsMethod() {
    for (String client : clients) {
      expect(client + ".post", "POST", "/200", 200);
    }
  }

  @Test
  void status4xxAnd5xx_isError() {
    for (String client : clients) {
      expect(client + ".missing", "GET", "/404", 404);
      expect(client + ".broken", "GET", "/500", 500);
    }
  }

  @Test
  void redirect_classic_isASpanForEachRequest() {
    List<ReceivedSpan> spans = spans("Classic.moved");
    assertEquals(2, spans.size(), spans::toString);
    boolean inOrder = spans.get(0).has("http.response.status_code", 302L);
    ReceivedSpan first = spans.get(inOrder ? 0 : 1);
    ReceivedSpan second = spans.get(inOrder ? 1 : 0);
    assertEquals(url("/302", "Classic.moved"), first.attribute("url.full"));
    assertEquals(url("/200", "Classic.moved"), second.attribute("url.full"));
    assertNull(first.attribute("http.request.resend_count"));
    assertEquals(1L, second.attribute("http.request.resend_count"));
    assertEquals(302L, first.attribute("http.response.status_code"));
    assertEquals(200L, second.attribute("http.response.status_code"));
    assertEquals(Status.UNSET, first.status());
    assertTrue(first.isRoot() && second.isRoot());
    assertEquals(List.of(traceparent(first), traceparent(second)), PARENTS.get("Classic.moved"));
  }

  @Test
  void redirect_toAClosedPort_isASpanForEachRequest() {
    List<ReceivedSpan> spans = spans("Classic.gone");
    assertEquals(2, spans.size(), spans::toString);
    boolean inOrder = spans.get(0).has("http.response.status_code", 307L);
    ReceivedSpan first = spans.get(inOrder ? 0 : 1);
    ReceivedSpan second = spans.get(inOrder ? 1 : 0);
    assertEquals(307L, first.attribute("http.response.status_code"));
    assertEquals(Status.UNSET, first.status());
    assertEquals(closed("Classic.gone"), second.attribute("url.full"));
    assertEquals((long) closedPort, second.attribute("server.port"));
    assertEquals(1L, second.attribute("http.request.resend_count"));
    assertEquals(printed("Classic.gone"), second.attribute("error.type"));
    assertEquals(Status.ERROR, second.status());
    assertEquals(List.of(traceparent(first)), PARENTS.get("Classic.gone"));
  }

  @Test
  void redirect_async_isOneSpan() {
    if (clients.contains("Async")) {
      ReceivedSpan span = expect("Async.moved", "GET", "/302", 200);
      assertEquals(List.of(traceparent(span), traceparent(span)), PARENTS.get("Async.moved"));
    }
  }

  @Test
  void requestWithoutHost_andSmallestClient_areReported() {
    for (String client : clients) {
      expect(client + ".relative", "GET", "/200", 200);
      expect(client + ".minimal", "GET", "/200", 200);
    }
  }

  @Test
  void signatureInUrl_isRedacted() {
    for (String client : clients) {
      ReceivedSpan span = only(client + ".secret");
      assertEquals(url("/200", client + ".secret") + "&sig=REDACTED", span.attribute("url.full"));
    }
  }

  @Test
  void connectionRefused_isItsException() {
    for (String client : clients) {
      ReceivedSpan span = only(client + ".refused");
      assertEquals(Status.ERROR, span.status());
      assertAttributes(
          span,
          Map.of(
              "http.request.method",
              "GET",
              "url.full",
              "http://localhost:" + closedPort + "/?case=" + client + ".refused",
              "server.address",
              "localhost",
              "server.port",
              (long) closedPort,
              "error.type",
              printed(client + ".refused")));
    }
  }

  /** What the application saw. */
  private static String printed(String what) {
    return app.awaitLine(Pattern.compile("^" + Pattern.quote(what) + ": (.*)"), PATIENCE).group(1);
  }

  @Test
  void insideARequest_isBelowIt_alsoInCallbacks_andLeavesTheThread() {
    for (String client : clients) {
      ReceivedSpan server = below(only(client + ".server").spanId(), Kind.SERVER);
      List<String> cases =
          clients.indexOf(client) == 0
              ? List.of("inside", "after")
              : List.of("inside", "first", "second", "after");
      for (String name : cases) {
        ReceivedSpan span = only(client + "." + name);
        assertEquals(server.spanId(), span.parentSpanId(), name);
        assertEquals(List.of(traceparent(span)), PARENTS.get(client + "." + name));
      }
    }
  }

  @Test
  void cancelled_endsWithTheCancellation() {
    if (clients.contains("Async")) {
      ReceivedSpan span = only("Async.cancelled");
      assertEquals(
          "java.util.concurrent.CancellationException",
          span.attribute("error.type"),
          span.toString());
      assertTrue(span.durationNanos() < 900_000_000L, span.toString());
    }
  }

  private static ReceivedSpan expect(String name, String method, String path, int status) {
    ReceivedSpan span = only(name);
    assertEquals(method, span.name());
    assertTrue(span.isRoot());
    assertEquals(status >= 400 ? Status.ERROR : Status.UNSET, span.status());
    Map<String, Object> expected = new TreeMap<>();
    expected.put("http.request.method", method);
    expected.put("url.full", url(path, name));
    expected.put("server.address", "localhost");
    expected.put("server.port", (long) peer.getAddress().getPort());
    expected.put("http.response.status_code", (long) status);
    expected.put("network.protocol.version", "1.1");
    if (status >= 400) {
      expected.put("error.type", String.valueOf(status));
    }
    assertAttributes(span, expected);
    assertEquals(traceparent(span), PARENTS.getOrDefault(name, List.of("unseen")).get(0));
    return span;
  }

  private static void assertAttributes(ReceivedSpan span, Map<String, Object> expected) {
    assertEquals(new TreeMap<>(expected), new TreeMap<>(span.attributes()));
  }

  private static String url(String path, String name) {
    return "http://localhost:" + peer.getAddress().getPort() + path + "?case=" + name;
  }

  private static String traceparent(ReceivedSpan span) {
    return "00-"
        + span.traceId()
        + "-"
        + span.spanId()
        + "-"
        + String.format("%02x", span.flags() & 0xff);
  }

  /** The client spans of this case. */
  private static List<ReceivedSpan> spans(String name) {
    Pattern named = Pattern.compile("[?&]case=" + Pattern.quote(name) + "(&|$)");
    return sink.spans().stream()
        .filter(span -> span.kind() == Kind.CLIENT)
        .filter(span -> named.matcher("" + span.attribute("url.full")).find())
        .toList();
  }

  private static ReceivedSpan only(String name) {
    List<ReceivedSpan> spans = spans(name);
    if (spans.size() != 1) {
      throw app.failure("spans of " + name + ": " + spans);
    }
    return spans.get(0);
  }

  private static ReceivedSpan below(String id, Kind kind) {
    return sink.spans().stream()
        .filter(span -> span.parentSpanId().equals(id) && span.kind() == kind)
        .findFirst()
        .orElseThrow(() -> app.failure("nothing below " + id));
  }
}
