package io.sonde.exporters.prometheus.write;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.sonde.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each receiver is told what is for it and nothing that is for another. */
class SeveralReceiversTest {
  private static final WireMockServer SERVER = new WireMockServer(options().dynamicPort());
  private static final Set<String> OF_USER = Set.of("authorization", "x-scope-orgid", "x-key");

  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> properties = new HashMap<>();
  private final Settings settings = new Settings(properties::get, environment::get);

  @BeforeAll
  static void start() {
    SERVER.start();
    SERVER.stubFor(any(anyUrl()).willReturn(noContent()));
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
  }

  @BeforeEach
  void forget() {
    SERVER.resetRequests();
  }

  /**
   * The same server by a name and by an address, as two servers; and one path more of the first.
   */
  private void set(boolean sameServer, String... pairs) {
    int port = SERVER.port();
    String other = sameServer ? "127.0.0.1" : "LOCALHOST";
    environment.put(
        "SONDE_REMOTE_WRITE_URL",
        "http://127.0.0.1:" + port + "/a,http://" + other + ":" + port + "/b?c=d");
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put("SONDE_REMOTE_WRITE_" + pairs[i], pairs[i + 1]);
    }
  }

  /** What arrives at each, of the headers that the user sets. */
  private List<Map<String, String>> arrives() {
    List<Receiver> receivers = Receiver.all(settings);
    List<Map<String, String>> arrives = new ArrayList<>();
    for (Receiver receiver : receivers) {
      SERVER.resetRequests();
      new Sender(receiver, "1").post(new byte[] {1}, Version.ONE);
      LoggedRequest request = SERVER.findAll(anyRequestedFor(anyUrl())).get(0);
      Map<String, String> headers = new HashMap<>();
      for (HttpHeader header : request.getHeaders().all()) {
        if (OF_USER.contains(header.key().toLowerCase(Locale.ROOT))) {
          headers.put(header.key().toLowerCase(Locale.ROOT), header.firstValue());
        }
      }
      arrives.add(headers);
    }
    return arrives;
  }

  @Test
  void whatHasANumber_isForItsReceiver() {
    set(
        false,
        "USER_1",
        "me",
        "PASSWORD_1",
        "x",
        "TENANT",
        "both",
        "TENANT_2",
        "second",
        "HEADERS_2",
        "X-Key=k2",
        "LABELS",
        "zone=a",
        "LABELS_2",
        "zone=b");
    properties.put("sonde.remote.write.token.2", "t2");
    assertEquals(
        List.of(
            Map.of("authorization", "Basic bWU6eA==", "x-scope-orgid", "both"),
            Map.of("authorization", "Bearer t2", "x-scope-orgid", "second", "x-key", "k2")),
        arrives());
    List<Receiver> receivers = Receiver.all(settings);
    assertEquals(Map.of("zone", "a"), receivers.get(0).labels);
    assertEquals(Map.of("zone", "b"), receivers.get(1).labels);
    assertEquals(List.of(), settings.problems());
  }

  @Test
  void secretWithoutANumber_goesToNone_whereServersDiffer() {
    set(false, "USER", "secret", "TOKEN_2", "t2", "HEADERS", "X-Key=secret", "TENANT", "both");
    assertEquals(
        List.of(
            Map.of("x-scope-orgid", "both"),
            Map.of("authorization", "Bearer t2", "x-scope-orgid", "both")),
        arrives());
    assertEquals(2, settings.problems().size(), settings.problems()::toString);
    assertEquals(
        "SONDE_REMOTE_WRITE_USER='…' (expected SONDE_REMOTE_WRITE_USER_1 to _2: the URLs are of"
            + " several servers and a secret is for one, so it is sent to none)",
        settings.problems().get(0));
    assertFalse(settings.problems().toString().contains("secret'"), settings.problems()::toString);
  }

  @Test
  void secretWithoutANumber_isForAllPathsOfOneServer_unlessOneHasItsOwn() {
    set(true, "TOKEN", "t", "HEADERS", "X-Key=k", "USER_2", "me", "PASSWORD_2", "x");
    assertEquals(
        List.of(
            Map.of("authorization", "Bearer t", "x-key", "k"),
            Map.of("authorization", "Basic bWU6eA==", "x-key", "k")),
        arrives());
    assertEquals(List.of(), settings.problems());
  }

  /** Nor is what an HTTP client takes for a host a path for us. */
  @Test
  void whatIsNoUrl_isSaid_andHasNoServerOfOthers() {
    environment.put("SONDE_REMOTE_WRITE_URL", "-,http://a.example/w");
    assertEquals(1, Receiver.all(settings).size());
    assertEquals(1, settings.problems().size(), settings.problems()::toString);
    assertEquals("http://a.example:9", Access.server("http:///me:x@A.example:9\\w"));
    assertEquals(Access.server("http://a/b"), Access.server("http://a?b"));
  }

  @Test
  void whatBelongsToNobody_isSaid() {
    set(false, "PASSWORD_2", "x", "TOKEN_3", "t");
    assertEquals(List.of(Map.of(), Map.of()), arrives());
    assertEquals(
        List.of(
            "SONDE_REMOTE_WRITE_TOKEN_3='…' (expected a number up to 2, as there are URLs)",
            "SONDE_REMOTE_WRITE_PASSWORD_2='…' (expected SONDE_REMOTE_WRITE_USER_2 with it)"),
        settings.problems());
  }

  @Test
  void passwordWithAComma_isTwoUrls_andNeitherIsShown() {
    environment.put("SONDE_REMOTE_WRITE_URL", "http://[::1]:9/a,http://me:s3c,ret@c.example/w");
    assertEquals(1, Receiver.all(settings).size());
    assertEquals(1, settings.problems().size(), settings.problems()::toString);
    assertFalse(settings.problems().get(0).contains("s3c"), settings.problems()::toString);
    environment.put("SONDE_REMOTE_WRITE_URL", "http://me:s3c,http://b:9/w");
    assertEquals(1, Receiver.all(settings).size());
    assertEquals(
        "SONDE_REMOTE_WRITE_URL='…' (expected a URL such as http://localhost:9090/api/v1/write,"
            + " so nothing is written; the port is no number, or a comma in a password is not"
            + " written as %2C)",
        settings.problems().get(0));
  }
}
