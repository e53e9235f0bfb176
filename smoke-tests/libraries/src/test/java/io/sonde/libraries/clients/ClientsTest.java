package io.sonde.libraries.clients;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.temporaryRedirect;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.sonde.libraries.servers.AppSource;
import io.sonde.libraries.servers.Keys;
import io.sonde.testing.Artifacts;
import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every HTTP client in one JVM: JDK, OkHttp, Apache HttpAsyncClient 4, Apache HttpClient 5. */
@ParameterizedClass
@CsvSource({
  "11, okhttp:3.14.9, 4.1, 5.1.4",
  "25, okhttp-jvm:5.5.0, 4.1.5, 5.6.5",
})
class ClientsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static WireMockServer peer;
  private static int closedPort;
  private static OtlpSink sink;
  private static ForkedJvm app;

  ClientsTest(int jdk, String okhttp, String apache4, String apache5) {}

  /** Where a redirect goes that cannot be followed. */
  enum Gone {
    GoneRefused,
    GoneUnknown,
    GoneTls;

    String place() {
      return switch (this) {
        case GoneRefused -> "http://localhost:" + closedPort + "/ok";
        case GoneUnknown -> "http://nowhere.invalid:81/ok";
        case GoneTls -> "https://127.0.0.1:" + peer.httpsPort() + "/ok";
      };
    }
  }

  /** The clients, whether they make a span for each request, and whether they speak HTTP/2. */
  enum Client {
    UrlConnection(false, false),
    JdkClient(false, true),
    OkHttp(true, true),
    Apache4(true, false),
    Apache4Async(false, false),
    Apache5(true, false),
    Apache5Async(false, true);

    final boolean attempts;
    final boolean http2;

    Client(boolean attempts, boolean http2) {
      this.attempts = attempts;
      this.http2 = http2;
    }

    /** The spans of a case in the order in which they began. */
    List<ReceivedSpan> spans(String what) {
      Pattern named = Pattern.compile("[?&]case=" + this + "\\." + what + "$");
      return sink.spans().stream()
          .filter(span -> span.kind() == Kind.CLIENT)
          .filter(span -> named.matcher("" + span.attribute("url.full")).find())
          .sorted(Comparator.comparing(ReceivedSpan::startEpochNanos))
          .toList();
    }

    ReceivedSpan only(String what) {
      List<ReceivedSpan> spans = spans(what);
      if (spans.size() != 1) {
        throw app.failure("spans of " + this + '.' + what + ": " + spans);
      }
      assertEquals(request(), spans.get(0).parentSpanId());
      return spans.get(0);
    }

    /** The request that the client works in. */
    String request() {
      return sink.spans().stream()
          .filter(span -> span.has("http.route", "/" + this) && span.kind() == Kind.SERVER)
          .map(ReceivedSpan::spanId)
          .findFirst()
          .orElseThrow(() -> app.failure("no server span of " + this));
    }

    /** What the application saw. */
    String printed(String what) {
      Pattern line = Pattern.compile("^" + this + "\\." + what + ": (.*)");
      return app.awaitLine(line, PATIENCE).group(1);
    }
  }

  @BeforeAll
  static void startPeer() throws Exception {
    closedPort = Ports.free();
    peer =
        new WireMockServer(
            options()
                .dynamicPort()
                .dynamicHttpsPort()
                .keystorePath(Keys.file().toString())
                .keystorePassword(Keys.PASSWORD)
                .keyManagerPassword(Keys.PASSWORD));
    peer.start();
    peer.stubFor(get(urlPathEqualTo("/ok")).willReturn(ok("fine")));
    peer.stubFor(
        get(urlPathEqualTo("/auth"))
            .withHeader("Authorization", absent())
            .willReturn(
                aResponse().withStatus(401).withHeader("WWW-Authenticate", "Basic realm=\"it\"")));
    peer.stubFor(
        get(urlPathEqualTo("/auth")).withBasicAuth("user", "password").willReturn(ok("welcome")));
    peer.stubFor(get(urlPathEqualTo("/slow")).willReturn(ok("late").withFixedDelay(2500)));
    peer.stubFor(
        get(urlPathEqualTo("/reset"))
            .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    for (Client client : Client.values()) {
      peer.stubFor(
          get(urlPathEqualTo("/moved"))
              .withQueryParam("case", equalTo(client + ".moved"))
              .willReturn(temporaryRedirect("/ok?case=" + client + ".moved")));
      for (Gone gone : Gone.values()) {
        peer.stubFor(
            get(urlPathEqualTo("/gone"))
                .withQueryParam("case", equalTo(client + "." + gone))
                .willReturn(temporaryRedirect(gone.place() + "?case=" + client + '.' + gone)));
      }
    }
  }

  @AfterAll
  static void stopPeer() {
    peer.stop();
  }

  @BeforeParameterizedClassInvocation
  static void run(int jdk, String okhttp, String apache4, String apache5) throws Exception {
    peer.resetRequests();
    sink = OtlpSink.http();
    List<Path> libraries =
        Artifacts.classPath(
            "com.squareup.okhttp3:" + okhttp,
            "org.apache.httpcomponents:httpasyncclient:" + apache4,
            "org.apache.httpcomponents.client5:httpclient5:" + apache5);
    app =
        ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
            .agent(sink)
            .quick()
            .jvmArg("-Djavax.net.ssl.trustStore=" + Keys.trustStore())
            .jvmArg("-Djavax.net.ssl.trustStorePassword=" + Keys.PASSWORD)
            .classPath(AppSource.of("clients").release(11).compile(libraries))
            .main("app.ClientsMain")
            .arg(
                "tls=" + peer.url("/ok"),
                "moved=" + peer.url("/moved"),
                "GoneRefused=http://localhost:" + peer.port() + "/gone",
                "GoneUnknown=http://localhost:" + peer.port() + "/gone",
                "GoneTls=http://localhost:" + peer.port() + "/gone",
                "auth=http://localhost:" + peer.port() + "/auth",
                "slow=http://localhost:" + peer.port() + "/slow",
                "reset=http://localhost:" + peer.port() + "/reset",
                "wrongHost=https://127.0.0.1:" + peer.httpsPort() + "/ok",
                "notTls=https://localhost:" + peer.port() + "/ok",
                "refused=https://localhost:" + closedPort + "/ok")
            .start();
    app.awaitLine(Pattern.compile("^DONE"), PATIENCE);
    sink.awaitSpans(s -> s.kind() == Kind.SERVER, Client.values().length, PATIENCE);
    Conventions.check(sink.awaitAll(app, PATIENCE));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    app.close();
    sink.close();
  }

  @ParameterizedTest
  @EnumSource
  void tls_hasItsPortAndVersion(Client client) {
    ReceivedSpan span = client.only("tls");
    assertEquals("200", client.printed("tls"));
    assertEquals("localhost", span.attribute("server.address"));
    assertEquals((long) peer.httpsPort(), span.attribute("server.port"));
    assertTrue(("" + span.attribute("url.full")).startsWith("https://localhost:"), span.toString());
    assertEquals(200L, span.attribute("http.response.status_code"));
    assertEquals(Status.UNSET, span.status());
    assertEquals(client.http2 ? "2" : "1.1", span.attribute("network.protocol.version"));
  }

  @ParameterizedTest
  @EnumSource
  void redirect_isAnAttempt(Client client) {
    assertEquals("200", client.printed("moved"));
    expectAttempts(client, "moved", "/moved", 302L, "/ok", 200L);
  }

  @ParameterizedTest
  @EnumSource
  void challenge_isAnAttempt(Client client) {
    assertEquals("200", client.printed("auth"));
    expectAttempts(client, "auth", "/auth", 401L, "/auth", 200L);
  }

  /** Two requests: a span each, where this client can, and each in the headers that it sent. */
  private static void expectAttempts(
      Client client, String what, String firstPath, long first, String lastPath, long last) {
    List<ReceivedSpan> spans = client.spans(what);
    assertEquals(client.attempts ? 2 : 1, spans.size(), spans::toString);
    for (ReceivedSpan span : spans) {
      assertEquals(client.request(), span.parentSpanId());
    }
    ReceivedSpan end = spans.get(spans.size() - 1);
    assertEquals(last, end.attribute("http.response.status_code"));
    assertEquals(Status.UNSET, end.status());
    if (client.attempts) {
      ReceivedSpan begin = spans.get(0);
      assertEquals(first, begin.attribute("http.response.status_code"));
      assertEquals(first >= 400 ? Status.ERROR : Status.UNSET, begin.status());
      assertEquals(null, begin.attribute("http.request.resend_count"));
      assertEquals(1L, end.attribute("http.request.resend_count"));
      assertTrue(("" + begin.attribute("url.full")).contains(firstPath), begin.toString());
      assertTrue(("" + end.attribute("url.full")).contains(lastPath), end.toString());
      assertTrue(begin.endEpochNanos() <= end.startEpochNanos());
    }
    assertEquals(
        Stream.of(spans.get(0), end).map(ClientsTest::traceparent).toList(), parents(client, what));
  }

  /** What could not be sent is an attempt too, as a first one would be. */
  @ParameterizedTest
  @EnumSource(names = {"OkHttp", "Apache4", "Apache5"})
  void redirect_thatCannotBeFollowed_isAnAttemptWithItsException(Client client) {
    for (Gone gone : Gone.values()) {
      List<ReceivedSpan> spans = client.spans(gone.name());
      assertEquals(2, spans.size(), () -> gone + " " + spans);
      ReceivedSpan redirect = spans.get(0);
      ReceivedSpan failed = spans.get(1);
      assertEquals(302L, redirect.attribute("http.response.status_code"));
      assertEquals(Status.UNSET, redirect.status());
      URI place = URI.create(gone.place());
      assertEquals(place.getHost(), failed.attribute("server.address"));
      assertEquals((long) place.getPort(), failed.attribute("server.port"));
      assertTrue(("" + failed.attribute("url.full")).startsWith(gone.place()), failed::toString);
      assertEquals(1L, failed.attribute("http.request.resend_count"));
      assertEquals(client.request(), failed.parentSpanId());
      expectPrinted(client, gone.name(), failed);
      assertEquals(Status.ERROR, failed.status());
      assertEquals(null, failed.attribute("http.response.status_code"));
      assertTrue(redirect.endEpochNanos() <= failed.startEpochNanos());
      assertEquals(List.of(traceparent(redirect)), parents(client, gone.name()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeout_isItsException(Client client) {
    expectFailure(client, "slow");
  }

  @ParameterizedTest
  @EnumSource
  void refused_isItsException(Client client) {
    assertEquals((long) closedPort, client.only("refused").attribute("server.port"));
    expectFailure(client, "refused");
  }

  @ParameterizedTest
  @EnumSource
  void certificate_ofAnotherHost_isItsException(Client client) {
    expectFailure(client, "wrongHost");
  }

  @ParameterizedTest
  @EnumSource
  void handshake_withoutTls_isItsException(Client client) {
    expectFailure(client, "notTls");
  }

  /** The last span has what the application was told, and each request has one. */
  private static void expectFailure(Client client, String what) {
    ReceivedSpan span = client.only(what);
    expectPrinted(client, what, span);
    assertEquals(Status.ERROR, span.status());
    assertEquals(null, span.attribute("http.response.status_code"));
  }

  /** What the application was told; java.net.http tells it of what the span has as the cause. */
  private static void expectPrinted(Client client, String what, ReceivedSpan span) {
    List<String> thrown = List.of(client.printed(what).split(" "));
    String error = String.valueOf(span.attribute("error.type"));
    assertTrue(
        client == Client.JdkClient ? thrown.contains(error) : thrown.get(0).equals(error),
        () -> thrown + " but " + span);
  }

  @ParameterizedTest
  @EnumSource
  void reset_endsEachAttemptWithIt(Client client) {
    List<ReceivedSpan> spans = client.spans("reset");
    List<String> parents = parents(client, "reset");
    if (client.attempts) {
      assertEquals(spans.stream().map(ClientsTest::traceparent).toList(), parents);
    } else {
      assertEquals(Set.of(traceparent(client.only("reset"))), Set.copyOf(parents));
    }
    for (ReceivedSpan span : spans) {
      expectPrinted(client, "reset", span);
      assertEquals(Status.ERROR, span.status());
    }
  }

  /** The traceparent of each request of the case that the peer saw, in order. */
  private static List<String> parents(Client client, String what) {
    return peer.getAllServeEvents().stream()
        .map(event -> event.getRequest())
        .filter(request -> request.getUrl().endsWith("case=" + client + '.' + what))
        .sorted(Comparator.comparing(LoggedRequest::getLoggedDate))
        .map(request -> request.getHeader("traceparent"))
        .toList();
  }

  private static String traceparent(ReceivedSpan span) {
    return "00-" + span.traceId() + '-' + span.spanId() + String.format("-%02x", span.flags() & 3);
  }
}
