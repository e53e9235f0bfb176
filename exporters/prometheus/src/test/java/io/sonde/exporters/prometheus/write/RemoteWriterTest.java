package io.sonde.exporters.prometheus.write;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Headers;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.testing.Ports;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written, and what becomes of it when the receiver misbehaves. */
final class RemoteWriterTest {
  private static final WireMockServer SERVER = new WireMockServer(options().dynamicPort());
  private static final AtomicInteger PATHS = new AtomicInteger();
  private static final int NEVER = 3_600_000;
  private static final long STALE = 0x7ff0000000000002L;

  @BeforeAll
  static void start() {
    SERVER.start();
  }

  @AfterAll
  static void stop() {
    SERVER.stop();
  }

  /** A path for each test: a request that one has given up may be read while the next runs. */
  private final String path = "/" + PATHS.incrementAndGet();

  private String url() {
    return SERVER.baseUrl() + path;
  }

  private static ResponseDefinitionBuilder written(int samples) {
    return aResponse()
        .withStatus(204)
        .withHeader("X-Prometheus-Remote-Write-Samples-Written", Integer.toString(samples));
  }

  private void always(ResponseDefinitionBuilder answer) {
    SERVER.stubFor(any(urlEqualTo(path)).willReturn(answer));
  }

  /** These answers, and the last of them for ever. */
  private void answer(ResponseDefinitionBuilder... answers) {
    for (int i = 0; i < answers.length; i++) {
      SERVER.stubFor(
          any(urlEqualTo(path))
              .inScenario(path)
              .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "after " + i)
              .willReturn(answers[i])
              .willSetStateTo("after " + Math.min(i + 1, answers.length - 1)));
    }
  }

  private List<LoggedRequest> requests() {
    List<LoggedRequest> requests = new ArrayList<>();
    SERVER.getAllServeEvents().stream()
        .map(event -> event.getRequest())
        .filter(request -> request.getUrl().equals(path))
        .forEach(requests::add);
    java.util.Collections.reverse(requests);
    return requests;
  }

  private static Written read(LoggedRequest request) throws Exception {
    boolean two = request.getHeader("Content-Type").contains("v2");
    return Written.of(request.getBody(), two);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2"})
  void bothVersions_sayTheSame(String version) throws Exception {
    always(written(Export.SAMPLES));
    long begun = System.currentTimeMillis();
    try (Export export =
        new Export(
            url(),
            100,
            "SONDE_REMOTE_WRITE_VERSION",
            version,
            "SONDE_REMOTE_WRITE_USER",
            "me",
            "SONDE_REMOTE_WRITE_PASSWORD",
            "x",
            "SONDE_REMOTE_WRITE_TENANT",
            "team-a",
            "SONDE_REMOTE_WRITE_HEADERS",
            "X-Extra=1,Content-Encoding=gzip",
            "SONDE_REMOTE_WRITE_LABELS",
            "cluster=c1,http_route=no")) {
      export.await(() -> export.count(Outcome.EXPORTED) >= Export.SAMPLES, "a request");
      assertEquals(0, export.delivery.lost());
    }
    LoggedRequest request = requests().get(0);
    assertEquals("snappy", request.getHeader("Content-Encoding"));
    assertEquals("Basic bWU6eA==", request.getHeader("Authorization"));
    assertEquals("team-a", request.getHeader("X-Scope-OrgID"));
    assertEquals("1", request.getHeader("X-Extra"));
    assertEquals("sonde/1.2.3", request.getHeader("User-Agent"));
    assertEquals(
        version.equals("1") ? "0.1.0" : "2.0.0",
        request.getHeader("X-Prometheus-Remote-Write-Version"));
    assertEquals(
        version.equals("1")
            ? "application/x-protobuf"
            : "application/x-protobuf;proto=io.prometheus.write.v2.Request",
        request.getHeader("Content-Type"));
    Written written = read(request);
    String zone = "Zone=b,__name__=http_duration_seconds_";
    String of = ",cluster=c1,http_route=/a,instance=i-1,job=demo/shop";
    String common = ",cluster=c1,http_route=no,instance=i-1,job=demo/shop";
    assertEquals(
        Map.of(
            "__name__=target_info,cluster=c1,host_name=h" + common.substring(11), 1.0,
            zone + "bucket" + of + ",le=0.5", 1.0,
            zone + "bucket" + of + ",le=+Inf", 3.0,
            zone + "sum" + of, 3.5,
            zone + "count" + of, 3.0,
            "__name__=things_total" + common, 7.0,
            "__name__=load_ratio" + common, 0.5),
        written.samples);
    assertEquals(1, written.exemplars.size());
    String exemplar = written.exemplars.get(zone + "bucket" + of + ",le=0.5");
    assertTrue(exemplar.startsWith("00000000000000010000000000000002 0.25 "), exemplar);
    assertTrue(written.time >= begun && written.time <= System.currentTimeMillis());
    if (version.equals("2")) {
      assertEquals(5, written.starts.size(), written.starts::toString);
      assertEquals(1_600_000_000_000L, written.starts.remove("__name__=things_total" + common));
      written.starts.values().forEach(start -> assertTrue(start >= begun && start < written.time));
    } else {
      assertEquals("type 3 How long. seconds", written.types.get("http_duration_seconds"));
    }
    assertTrue(written.types.containsValue("type 1 Things. "), written.types::toString);
  }

  @ParameterizedTest
  @ValueSource(ints = {415, 400, 204})
  void auto_goesBackToOne_whereTwoIsNotUnderstood(int status) throws Exception {
    answer(aResponse().withStatus(status), aResponse().withStatus(204));
    try (Export export = new Export(url(), 200)) {
      export.await(() -> export.count(Outcome.EXPORTED) >= 2 * Export.SAMPLES, "two requests");
      assertEquals(0, export.delivery.lost());
      assertEquals(List.of(), export.said);
    }
    List<LoggedRequest> requests = requests();
    assertEquals("2.0.0", requests.get(0).getHeader("X-Prometheus-Remote-Write-Version"));
    assertEquals("0.1.0", requests.get(1).getHeader("X-Prometheus-Remote-Write-Version"));
    assertEquals("0.1.0", requests.get(2).getHeader("X-Prometheus-Remote-Write-Version"));
    assertEquals(read(requests.get(0)).samples, read(requests.get(1)).samples);
  }

  /** One request that neither version takes says nothing about the receiver. */
  @Test
  void auto_staysWithTwo_whereOneIsRefusedToo() throws Exception {
    answer(
        aResponse().withStatus(400).withBody("bad label"),
        aResponse().withStatus(400).withBody("bad label"),
        written(Export.SAMPLES));
    try (Export export = new Export(url(), 100)) {
      export.await(() -> export.count(Outcome.EXPORTED) >= Export.SAMPLES, "a request");
      assertEquals(Export.SAMPLES, export.count(Outcome.REFUSED));
    }
    List<LoggedRequest> requests = requests();
    assertEquals("2.0.0", requests.get(0).getHeader("X-Prometheus-Remote-Write-Version"));
    assertEquals("0.1.0", requests.get(1).getHeader("X-Prometheus-Remote-Write-Version"));
    assertEquals("2.0.0", requests.get(2).getHeader("X-Prometheus-Remote-Write-Version"));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void overloaded_thenBack_arrivesOnce(int status) {
    answer(aResponse().withStatus(status), written(Export.SAMPLES));
    try (Export export = new Export(url(), 300)) {
      export.await(() -> export.count(Outcome.EXPORTED) >= Export.SAMPLES, "a request");
      assertEquals(0, export.delivery.lost());
      assertEquals(1, export.said.size(), export.said::toString);
      assertTrue(export.said.get(0).contains("status " + status), export.said.get(0));
    }
    List<LoggedRequest> requests = requests();
    assertTrue(Arrays.equals(requests.get(0).getBody(), requests.get(1).getBody()));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void brokenConnection_thenBack_arrives(Fault fault) {
    answer(aResponse().withFault(fault), written(Export.SAMPLES));
    try (Export export = new Export(url(), 300)) {
      export.await(() -> export.count(Outcome.EXPORTED) >= Export.SAMPLES, "a request");
      assertEquals(0, export.delivery.lost());
    }
  }

  @Test
  void retryAfter_isWaitedFor_andReadingGoesOn() {
    answer(aResponse().withStatus(429).withHeader("Retry-After", "1"), written(Export.SAMPLES));
    try (Export export = new Export(url(), 300)) {
      export.await(() -> export.count(Outcome.EXPORTED) >= 3 * Export.SAMPLES, "all requests");
      Instant first = requests().get(0).getLoggedDate().toInstant();
      Duration waited = Duration.between(first, requests().get(1).getLoggedDate().toInstant());
      assertTrue(waited.toMillis() >= 900, "waited " + waited);
      assertEquals(0, export.delivery.lost());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 401, 404, 413})
  void refused_isDroppedAndCounted(int status) {
    always(aResponse().withStatus(status).withBody("why"));
    try (Export export = new Export(url(), 300)) {
      export.await(() -> export.count(Outcome.REFUSED) >= Export.SAMPLES, "refused");
      export.awaitLine();
      assertEquals(0, export.count(Outcome.EXPORTED));
      assertEquals(1, export.said.size(), export.said::toString);
      assertTrue(export.said.get(0).contains("status " + status + " (why)"), export.said.get(0));
    }
  }

  /** A receiver of 2.0 writes what it can and says so. */
  @Test
  void refusedInPart_isCountedInParts() {
    answer(
        aResponse()
            .withStatus(400)
            .withBody("out of order")
            .withHeader("X-Prometheus-Remote-Write-Samples-Written", "5"),
        written(Export.SAMPLES));
    try (Export export = new Export(url(), 300)) {
      // The rest of the second request: on a busy machine there may be further ones.
      export.await(() -> export.count(Outcome.EXPORTED) > 5, "another request");
      assertEquals(5, export.count(Outcome.EXPORTED) % Export.SAMPLES);
      assertEquals(2, export.count(Outcome.REJECTED));
      assertTrue(export.said.get(0).contains("out of order"), export.said.get(0));
    }
  }

  @Test
  void garbage_isNoSuccess() {
    always(aResponse().withStatus(200).withBody("<html>Sign in</html>"));
    try (Export export = new Export(url(), 300)) {
      export.await(() -> export.count(Outcome.REFUSED) >= Export.SAMPLES, "refused");
      export.awaitLine();
      assertTrue(export.said.get(0).contains("a web page answers"), export.said.get(0));
    }
  }

  @Test
  void slow_isTriedAgain() {
    answer(written(Export.SAMPLES).withFixedDelay(2000), written(Export.SAMPLES));
    try (Export export = new Export(url(), 600, "SONDE_REMOTE_WRITE_TIMEOUT", "300")) {
      export.await(() -> export.count(Outcome.EXPORTED) >= Export.SAMPLES, "a request");
      assertEquals(0, export.delivery.lost());
      assertTrue(export.said.get(0).contains("no answer in time"), export.said.get(0));
    }
  }

  @Test
  void away_theOldestGivesWayAndIsCounted_andTheRestArrivesInOrder() throws Exception {
    int port = Ports.free();
    WireMockServer late = new WireMockServer(options().port(port).bindAddress("127.0.0.1"));
    // A reading takes about 600 bytes, and the newest one as much again for its labels.
    try (Export export = new Export(6000, "http://127.0.0.1:" + port + "/w", 10)) {
      export.await(() -> export.count(Outcome.QUEUE_FULL) >= 3 * Export.SAMPLES, "drops");
      assertEquals(0, export.count(Outcome.EXPORTED));
      late.stubFor(any(urlEqualTo("/w")).willReturn(written(Export.SAMPLES)));
      late.start();
      export.await(() -> export.count(Outcome.EXPORTED) >= 3 * Export.SAMPLES, "arrivals");
      // Where requests take longer than readings more drop out meanwhile.
      export.await(
          () -> export.delivery.lost() == export.count(Outcome.QUEUE_FULL), "no other loss");
      assertTrue(export.said.get(0).contains("nothing listens there"), export.said.get(0));
    } finally {
      late.stop();
    }
  }

  @Test
  void atTheEnd_allSeriesGetTheirLastValues_andEnd() throws Exception {
    always(written(Export.SAMPLES));
    try (Export export = new Export(url(), 200)) {
      export.await(() -> export.count(Outcome.EXPORTED) >= Export.SAMPLES, "a request");
      export.calls.set(9);
      export.writer.flush();
      List<LoggedRequest> requests = requests();
      Written last = read(requests.get(requests.size() - 2));
      Written end = read(requests.get(requests.size() - 1));
      assertTrue(last.samples.containsValue(9.0), last.samples::toString);
      assertEquals(last.samples.keySet(), end.samples.keySet());
      assertTrue(end.time > last.time);
      end.samples.forEach(
          (series, value) -> assertEquals(STALE, Double.doubleToRawLongBits(value), series));
      assertTrue(end.exemplars.isEmpty());
      // A call that is answered while the JVM ends.
      export.calls.set(10);
      export.await(() -> requests().size() >= requests.size() + 2, "the late call");
      assertTrue(read(requests().get(requests.size())).samples.containsValue(10.0));
    }
  }

  /** The last values are sent once whatever it asked for, and then it is left alone. */
  @Test
  void atTheEnd_aReceiverThatAsksForAPauseHasIt() throws Exception {
    always(aResponse().withStatus(429).withHeader("Retry-After", "500"));
    try (Export export = new Export(url(), 100)) {
      export.await(() -> requests().size() == 1, "a request");
      export.writer.flush();
      export.await(() -> requests().size() == 2, "the last one");
      export.calls.set(10);
      Thread.sleep(700); // three intervals
      assertEquals(2, requests().size());
    }
  }

  @Test
  void atTheEnd_aReceiverThatIsAwayCostsLittle() {
    always(aResponse().withFixedDelay(90_000));
    try (Export export = new Export(url(), 100, "SONDE_REMOTE_WRITE_TIMEOUT", "60000")) {
      export.await(() -> requests().size() == 1, "a request");
      long start = System.nanoTime();
      export.writer.flush();
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis < 20_000, "waited " + millis + " ms");
    }
  }

  /** Long before the next reading would have been due. */
  @Test
  void atTheEnd_aCallThatIsAnsweredLaterArrives_howeverLongTheInterval() throws Exception {
    always(written(Export.SAMPLES));
    try (Export export = new Export(url(), NEVER)) {
      Tracing.start(Sampler.on(true), Propagation.of("none"), new SpanQueue(1, 1));
      Headers<Map<String, String>> headers = Map::get;
      ServerSpan span = ServerSpan.start(Map.of(), headers, "GET");
      span.exit();
      span.end();
      export.writer.flush();
      export.await(() -> requests().size() == 2, "the last values, and the end");
      export.calls.set(10);
      export.await(() -> requests().size() > 2, "the late call");
      assertTrue(read(requests().get(2)).samples.containsValue(10.0));
    }
  }

  @Test
  void shortLifeWithoutACall_writesNothing() {
    always(written(0));
    try (Export export = new Export(url(), NEVER)) {
      export.writer.flush();
      assertFalse(requests().iterator().hasNext());
    }
  }
}
