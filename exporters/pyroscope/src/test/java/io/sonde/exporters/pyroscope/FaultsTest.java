package io.sonde.exporters.pyroscope;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.sonde.core.Delivery.Outcome;
import io.sonde.profiler.pprof.ProfileType;
import io.sonde.testing.Ports;
import io.sonde.testing.PyroscopeSink;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of profiles when the server misbehaves: they arrive later, or they are counted. */
final class FaultsTest {
  private static final WireMockServer SERVER = new WireMockServer(options().dynamicPort());
  private static final AtomicInteger PATHS = new AtomicInteger();

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
  }

  /** A path for each test: a request that one has given up may be read while the next runs. */
  private final String path = "/" + PATHS.incrementAndGet() + "/";

  private String address() {
    return SERVER.baseUrl() + path;
  }

  private void first(ResponseDefinitionBuilder answer) {
    SERVER.stubFor(
        any(urlMatching(path + ".*"))
            .inScenario(path)
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(answer)
            .willSetStateTo("ok"));
    SERVER.stubFor(
        any(urlMatching(path + ".*"))
            .inScenario(path)
            .whenScenarioStateIs("ok")
            .willReturn(aResponse()));
  }

  private void always(ResponseDefinitionBuilder answer) {
    SERVER.stubFor(any(urlMatching(path + ".*")).willReturn(answer));
  }

  private long requests() {
    return SERVER.getAllServeEvents().stream()
        .filter(event -> event.getRequest().getUrl().startsWith(path))
        .count();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void overloaded_thenBack_arrives(int status) {
    first(aResponse().withStatus(status));
    try (Export export = new Export(address())) {
      export.window(ProfileType.CPU, ProfileType.MUTEX);
      export.await(Outcome.EXPORTED, 2);
      assertEquals(3, requests());
      assertEquals(1, export.said.size(), export.said::toString);
      assertTrue(export.said.get(0).contains("status " + status), export.said.get(0));
    }
  }

  /** What /ingest of a server before the summer of 2026 says instead of 429. */
  @Test
  void tooMuchASecond_thenLess_arrives() {
    String why = "resource_exhausted: push rate limit (4.0 MiB) exceeded while adding 1.2 MiB";
    first(aResponse().withStatus(422).withBody(why));
    try (Export export = new Export(address(), "SONDE_PYROSCOPE_ENDPOINT", "ingest")) {
      export.window(ProfileType.CPU);
      export.await(Outcome.EXPORTED, 1);
      assertEquals(2, requests());
    }
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void brokenConnection_thenBack_arrives(Fault fault) {
    first(aResponse().withFault(fault));
    try (Export export = new Export(address())) {
      export.window(ProfileType.CPU);
      export.await(Outcome.EXPORTED, 1);
      assertEquals(0, export.delivery.lost());
    }
  }

  @Test
  void retryAfter_isWaitedFor() {
    first(aResponse().withStatus(429).withHeader("Retry-After", "1"));
    try (Export export = new Export(address())) {
      long start = System.nanoTime();
      export.window(ProfileType.CPU);
      export.await(Outcome.EXPORTED, 1);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis >= 950, "waited " + millis + " ms");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 401, 403, 404, 413, 415, 422, 501})
  void refused_isCountedAndNotTriedAgain(int status) {
    always(aResponse().withStatus(status).withBody("{\"code\":\"x\",\"message\":\"why\"}"));
    try (Export export = new Export(address())) {
      export.window(ProfileType.CPU);
      export.await(Outcome.REFUSED, 1);
      assertEquals(1, requests());
      assertEquals(0, export.exporter.waiting());
      assertTrue(export.said.get(0).contains("status " + status + " ("), export.said.get(0));
      assertTrue(export.said.get(0).contains("why"), export.said.get(0));
    }
  }

  @Test
  void oneBadProfile_doesNotTakeTheOthersWithIt() {
    try (PyroscopeSink sink = new PyroscopeSink();
        Export export = new Export(sink.address())) {
      // Of the first one, which comes again, and then no more.
      sink.fail(PyroscopeSink.Fault.status(500), PyroscopeSink.Fault.status(422));
      export.window(ProfileType.CPU, ProfileType.MUTEX, ProfileType.BLOCK);
      export.await(Outcome.EXPORTED, 2);
      export.await(Outcome.REFUSED, 1);
    }
  }

  @Test
  void webPage_isRefused() {
    always(aResponse().withBody("<!doctype html><html>log in</html>"));
    try (Export export = new Export(address())) {
      export.window(ProfileType.CPU);
      export.await(Outcome.REFUSED, 1);
      assertTrue(export.said.get(0).contains("a web page answers"), export.said.get(0));
    }
  }

  /** Of an answer the beginning is read and no more. */
  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 8000000000", "Transfer-Encoding: chunked"})
  void answerWithoutEnd_countsByItsStatus(String length) throws Exception {
    try (Endless server = new Endless("HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n");
        Export export = new Export(server.address())) {
      export.window(ProfileType.CPU);
      export.window(ProfileType.CPU);
      export.await(Outcome.EXPORTED, 2);
    }
  }

  @Test
  void headersWithoutEnd_areNoAnswer() throws Exception {
    try (Endless server = new Endless("HTTP/1.1 200 OK\r\nX-Endless: ");
        Export export = new Export(server.address(), "PYROSCOPE_INGEST_MAX_TRIES", "1")) {
      export.window(ProfileType.CPU);
      export.await(() -> export.delivery.lost() == 1, "one lost");
      assertEquals(0, export.count(Outcome.EXPORTED));
    }
  }

  @Test
  void slow_isATimeout_andTriedAgain() {
    first(aResponse().withFixedDelay(2000));
    try (Export export = new Export(address(), "PYROSCOPE_PROFILE_EXPORT_TIMEOUT", "200ms")) {
      export.window(ProfileType.CPU);
      export.await(Outcome.EXPORTED, 1);
      assertTrue(export.said.get(0).contains("no answer in time"), export.said.get(0));
    }
  }

  @Test
  void triesAreBounded_whereTheyAreSet() {
    always(aResponse().withStatus(503));
    try (Export export = new Export(address(), "PYROSCOPE_INGEST_MAX_TRIES", "2")) {
      export.window(ProfileType.CPU);
      export.await(Outcome.UNAVAILABLE, 1);
      assertEquals(2, requests());
    }
  }

  @Test
  void tooOld_isNotSent() {
    always(aResponse());
    try (Export export = new Export(address())) {
      export.window(System.currentTimeMillis() - 3_600_000, ProfileType.CPU);
      export.window(ProfileType.CPU);
      export.await(Outcome.EXPORTED, 1);
      export.await(Outcome.TOO_OLD, 1);
      assertEquals(1, requests());
      assertTrue(export.said.get(0).contains("1 too old"), export.said::toString);
    }
  }

  @Test
  void down_backlogIsBoundedAndOldestAreCounted_thenTheRestArrives() throws Exception {
    int port = Ports.free();
    try (Export export = new Export(4000, "http://127.0.0.1:" + port)) {
      for (int i = 0; i < 100; i++) {
        export.window(ProfileType.CPU, ProfileType.MUTEX);
      }
      assertTrue(export.exporter.waiting() <= 4000, "waiting " + export.exporter.waiting());
      long dropped = export.count(Outcome.QUEUE_FULL);
      assertTrue(dropped > 0 && dropped < 200, "dropped " + dropped);
      try (PyroscopeSink sink = new PyroscopeSink(port)) {
        export.await(Outcome.EXPORTED, 200 - dropped);
        assertEquals(200 - dropped, sink.profiles().size());
        assertEquals(dropped, export.delivery.lost());
      }
      assertTrue(export.said.get(0).contains("nothing listens there"), export.said::toString);
    }
  }

  @Test
  void windowReturnsAtOnce_whateverTheServerDoes() {
    always(aResponse().withFixedDelay(60_000));
    try (Export export = new Export(address())) {
      long start = System.nanoTime();
      for (int i = 0; i < 20; i++) {
        export.window(ProfileType.CPU);
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis < 8000, "took " + millis + " ms");
    }
  }

  @Test
  void flush_sendsWhatWaits() {
    always(aResponse());
    try (Export export = new Export(address())) {
      export.window(ProfileType.CPU);
      export.exporter.flush(5000);
      assertEquals(1, export.count(Outcome.EXPORTED));
    }
  }

  @Test
  void flush_ofAServerThatIsAway_isShort() throws Exception {
    try (Export export = new Export("http://127.0.0.1:" + Ports.free())) {
      export.window(ProfileType.CPU);
      export.await(() -> !export.said.isEmpty(), "a first attempt");
      long start = System.nanoTime();
      export.exporter.flush(60_000);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis < 20_000, "took " + millis + " ms");
    }
  }

  @Test
  void flush_ofAServerThatHangs_isBounded() {
    always(aResponse().withFixedDelay(60_000));
    try (Export export = new Export(address())) {
      export.window(ProfileType.CPU);
      long start = System.nanoTime();
      export.exporter.flush(300);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis < 8000, "took " + millis + " ms");
      assertEquals(0, export.count(Outcome.EXPORTED));
    }
  }

  @Test
  void addressThatIsNoUrl_isSaidOnce_andProfilesAreCounted() {
    try (Export export = new Export("http://[::1:4040")) {
      export.window(ProfileType.CPU);
      export.window(ProfileType.CPU);
      export.await(Outcome.FAILED, 2);
      assertEquals(1, export.said.size(), export.said::toString);
      assertFalse(export.said.get(0).contains("report"), export.said.get(0));
    }
  }

  @Test
  void retriesOfManyWindows_areOneLine() {
    always(aResponse().withStatus(503));
    try (Export export = new Export(address(), "PYROSCOPE_INGEST_MAX_TRIES", "1")) {
      for (int i = 0; i < 4; i++) {
        export.window(ProfileType.CPU);
      }
      export.await(Outcome.UNAVAILABLE, 4);
      assertEquals(1, export.said.size(), export.said::toString);
    }
  }

  @Test
  void scriptedFaultsOfTheDouble_areWhatTheySay() {
    try (PyroscopeSink sink = new PyroscopeSink();
        Export export = new Export(sink.address())) {
      sink.fail(
          new PyroscopeSink.Fault(0, Map.of(), "", Duration.ZERO),
          new PyroscopeSink.Fault(429, Map.of("Retry-After", "1"), "slow down", Duration.ZERO));
      export.window(ProfileType.CPU);
      export.await(Outcome.EXPORTED, 1);
      assertEquals(3, sink.requests().size());
    }
  }
}
