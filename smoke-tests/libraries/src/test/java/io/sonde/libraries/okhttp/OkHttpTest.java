package io.sonde.libraries.okhttp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import io.sonde.testing.Trace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OkHttp 3 to 5: calls that wait, calls that do not, redirects, errors, and nobody there. */
class OkHttpTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource({"3.0.0, 8", "3.14.9, 11", "4.12.0, 17", "5.3.0, 21"})
  void calls_areClientSpans(String version, int jdk) throws Exception {
    String artifact = version.startsWith("5") ? "okhttp-jvm" : "okhttp";
    HttpServer peer = peer();
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
                .quick()
                .agent(sink)
                .classPath(
                    AppSource.of("okhttp")
                        .compile(
                            Artifacts.classPath(
                                "com.squareup.okhttp3:" + artifact + ":" + version)))
                .main("app.OkHttpMain")
                .start()) {
      int port = app.awaitPort(LONG);
      String url = "http://127.0.0.1:" + peer.getAddress().getPort();
      call(port, "sync " + url + "/ok", sink, url + "/ok", 200L, null);
      call(port, "sync " + url + "/missing", sink, url + "/missing", 404L, "404");
      moved(port, url, sink);
      cached(port, url + "/cached", sink);
      token(port, url + "/ok", sink);
      cancelled(port, url + "/slow", sink);
      call(
          port,
          "sync http://127.0.0.1:1/",
          sink,
          "http://127.0.0.1:1/",
          null,
          "java.net.ConnectException");
      async(port, url + "/ok", sink);
      queued(port, url, sink);
      assertTrue(
          app.stderr().stream().noneMatch(line -> line.startsWith("[sonde]")),
          app.stderr()::toString);
    } finally {
      peer.stop(0);
    }
  }

  private static void call(
      int port, String what, OtlpSink sink, String url, Long status, String error)
      throws Exception {
    sink.clear();
    String answer = get(port, what);
    Trace trace = sink.awaitTrace(2, LONG);
    ReceivedSpan span = trace.onlyChildOf(trace.root());
    check(span, url, status, error, trace);
    if (error == null) {
      assertEquals(
          "200 00-" + span.traceId() + "-" + span.spanId() + "-0", answer.substring(0, 58));
    }
  }

  /** A redirect is a request of its own. */
  private static void moved(int port, String url, OtlpSink sink) throws Exception {
    sink.clear();
    String answer = get(port, "sync " + url + "/moved");
    Trace trace = sink.awaitTrace(3, LONG);
    assertEquals(2, trace.childrenOf(trace.root()).size(), trace::toString);
    ReceivedSpan first = trace.only("first", s -> s.has("url.full", url + "/moved"));
    ReceivedSpan second = trace.only("second", s -> s.has("url.full", url + "/ok"));
    check(first, url + "/moved", 302L, null, trace);
    check(second, url + "/ok", 200L, null, trace);
    assertNull(first.attribute("http.request.resend_count"));
    assertEquals(1L, second.attribute("http.request.resend_count"));
    assertTrue(answer.startsWith("200 00-" + second.traceId() + "-" + second.spanId()), answer);
  }

  /** What comes from the cache is no request. */
  private static void cached(int port, String url, OtlpSink sink) throws Exception {
    sink.clear();
    assertEquals("1 from the cache", get(port, "cached " + url));
    Trace trace = sink.awaitTrace(2, LONG);
    check(trace.onlyChildOf(trace.root()), url, 200L, null, trace);
  }

  /** A call that an interceptor makes is one of its own. */
  private static void token(int port, String url, OtlpSink sink) throws Exception {
    sink.clear();
    String answer = get(port, "token " + url);
    Trace trace = sink.awaitTrace(3, LONG);
    assertEquals(2, trace.childrenOf(trace.root()).size(), trace::toString);
    ReceivedSpan token = trace.only("token", s -> s.has("url.full", url + "/token"));
    ReceivedSpan call = trace.only("call", s -> s.has("url.full", url));
    check(token, url + "/token", 200L, null, trace);
    check(call, url, 200L, null, trace);
    assertNull(call.attribute("http.request.resend_count"));
    assertTrue(answer.startsWith("200 00-" + call.traceId() + "-" + call.spanId()), answer);
  }

  /** The application is told of the cancelling, the span has what that made of the request. */
  private static void cancelled(int port, String url, OtlpSink sink) throws Exception {
    sink.clear();
    assertEquals("java.io.IOException", get(port, "cancel " + url));
    Trace trace = sink.awaitTrace(2, LONG);
    check(trace.onlyChildOf(trace.root()), url, null, "java.net.SocketException", trace);
  }

  private static void check(ReceivedSpan span, String url, Long status, String error, Trace trace) {
    URI uri = URI.create(url);
    assertEquals(Kind.CLIENT, span.kind(), trace::toString);
    assertEquals("GET", span.name());
    assertEquals("GET", span.attribute("http.request.method"));
    assertEquals(url, span.attribute("url.full"));
    assertEquals("127.0.0.1", span.attribute("server.address"));
    assertEquals((long) uri.getPort(), span.attribute("server.port"));
    assertEquals(status, span.attribute("http.response.status_code"));
    assertEquals(error, span.attribute("error.type"));
    assertEquals(error == null ? Status.UNSET : Status.ERROR, span.status());
  }

  private static void async(int port, String url, OtlpSink sink) throws Exception {
    sink.clear();
    get(port, "async " + url);
    Trace trace = sink.awaitTrace(3, LONG);
    List<ReceivedSpan> calls = trace.childrenOf(trace.root());
    assertEquals(2, calls.size(), trace::toString);
    check(trace.only("first", s -> s.has("url.full", url)), url, 200L, null, trace);
    check(
        trace.only("second", s -> s.has("url.full", url + "/again")),
        url + "/again",
        200L,
        null,
        trace);
    assertNull(trace.root().attribute("error.type"));
  }

  /**
   * Calls that wait in a full dispatcher are begun by the thread of another, in their own traces.
   */
  private static void queued(int port, String url, OtlpSink sink) throws Exception {
    sink.clear();
    for (int i = 0; i < 4; i++) {
      get(port, "enqueue " + url + "/slow/" + i);
    }
    List<ReceivedSpan> spans = sink.awaitSpans(8, LONG);
    assertEquals(4, sink.traces().size(), spans::toString);
    for (Trace trace : sink.traces()) {
      ReceivedSpan call = trace.onlyChildOf(trace.root());
      String query = String.valueOf(trace.root().attribute("url.query"));
      assertTrue(
          query.endsWith(
              String.valueOf(call.attribute("url.full"))
                  .substring(url.length())
                  .replace("/", "%2F")),
          trace::toString);
    }
  }

  private static String get(int port, String what) throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:"
                + port
                + "/?"
                + URLEncoder.encode(what, StandardCharsets.UTF_8).replace("+", "%20"));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static void pause() {
    try {
      Thread.sleep(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers with the traceparent that came. */
  private static HttpServer peer() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          if (path.equals("/moved")) {
            exchange.getResponseHeaders().set("Location", "/ok");
          }
          if (path.equals("/cached")) {
            exchange.getResponseHeaders().set("Cache-Control", "max-age=60");
          }
          if (path.startsWith("/slow")) {
            pause();
          }
          byte[] body =
              String.valueOf(exchange.getRequestHeaders().getFirst("traceparent"))
                  .getBytes(StandardCharsets.UTF_8);
          int status = path.startsWith("/missing") ? 404 : path.equals("/moved") ? 302 : 200;
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
