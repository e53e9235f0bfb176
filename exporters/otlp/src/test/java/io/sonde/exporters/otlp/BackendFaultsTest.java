package io.sonde.exporters.otlp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.sonde.core.Delivery.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of spans when the receiver misbehaves: they arrive later, or they are counted. */
final class BackendFaultsTest {
  @RegisterExtension
  static final WireMockExtension BACKEND =
      WireMockExtension.newInstance().options(options().dynamicPort()).build();

  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final AtomicInteger PATHS = new AtomicInteger();

  /** A path for each test: a request that one has given up may be read while the next runs. */
  private final String path = "/" + PATHS.incrementAndGet() + "/";

  private String url() {
    return BACKEND.baseUrl() + path.substring(0, path.length() - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void overloaded_thenBack_everySpanArrives(int status) throws Exception {
    first(aResponse().withStatus(status));
    try (Export export = new Export(ENDPOINT, url())) {
      export.spans(3).await(Outcome.EXPORTED, 3);
      assertEquals(2, requests().size());
      assertEquals(List.of(), export.said);
    }
    assertEquals(3, spans(requests().get(1)));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void brokenConnection_thenBack_everySpanArrives(Fault fault) {
    first(aResponse().withFault(fault));
    try (Export export = new Export(ENDPOINT, url())) {
      export.spans(3).await(Outcome.EXPORTED, 3);
    }
  }

  @Test
  void retryAfter_isWaitedFor() {
    first(aResponse().withStatus(503).withHeader("Retry-After", "1"));
    try (Export export = new Export(ENDPOINT, url())) {
      long start = System.nanoTime();
      export.spans(1).await(Outcome.EXPORTED, 1);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis >= 950, "waited " + millis + " ms");
    }
  }

  @Test
  void retryAfter_longerThanTheBatchIsTried_isWaitedForAllTheSame() {
    first(aResponse().withStatus(503).withHeader("Retry-After", "1"));
    try (Export export = new Export(8192, 512, 200, ENDPOINT, url())) {
      export.spans(1).await(Outcome.EXPORTED, 1);
    }
  }

  @Test
  void overloadedForTooLong_batchIsCounted() {
    always(aResponse().withStatus(503));
    // Time for a first attempt that a busy machine holds up, and two more.
    try (Export export = new Export(8192, 512, 2000, ENDPOINT, url())) {
      export.spans(2).await(Outcome.UNAVAILABLE, 2);
      assertTrue(requests().size() > 2, requests().size() + " attempts");
    }
  }

  @Test
  void overloaded_jvmEnds_isNotWaitedFor() {
    always(aResponse().withStatus(503).withHeader("Retry-After", "5"));
    try (Export export = Export.slow(ENDPOINT, url())) {
      export.spans(2);
      export.exporter.flush();
      assertEquals("2 unavailable", export.delivery.losses());
      assertTrue(export.said.get(0).contains("it answers status 503"), export.said.get(0));
    }
  }

  @Test
  void refused_isNotTriedAgain() {
    always(aResponse().withStatus(401).withBody("no such\ntenant"));
    try (Export export = new Export(ENDPOINT, url())) {
      export.spans(2).await(Outcome.REFUSED, 2);
      assertEquals(1, requests().size());
      assertEquals(
          List.of(
              "spans do not reach "
                  + url()
                  + "/v1/traces: it answers status 401 (no such tenant);"
                  + " lost since the start: 2 refused"),
          export.said);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void redirect_isNotFollowed(int status) {
    always(aResponse().withStatus(status).withHeader("Location", "/elsewhere"));
    try (Export export = new Export(ENDPOINT, url())) {
      export.spans(2).await(Outcome.REFUSED, 2);
      assertEquals(1, requests().size());
      assertEquals(List.of(), BACKEND.findAll(anyRequestedFor(urlEqualTo("/elsewhere"))));
      assertEquals(
          List.of(
              "spans do not reach "
                  + url()
                  + "/v1/traces: it answers status "
                  + status
                  + " (a redirect to /elsewhere, which is not followed);"
                  + " lost since the start: 2 refused"),
          export.said);
    }
  }

  @Test
  void webPage_isNoReceiver() {
    always(aResponse().withHeader("Content-Type", "text/html; charset=utf-8").withBody("<html>"));
    try (Export export = new Export(ENDPOINT, url())) {
      export.spans(1).await(Outcome.REFUSED, 1);
      assertTrue(export.said.get(0).contains("web page"), export.said.get(0));
    }
  }

  @Test
  void slow_endsAtTheTimeout() {
    always(aResponse().withFixedDelay(60_000));
    timesOut();
  }

  @Test
  void dripping_endsAtTheTimeout() {
    always(aResponse().withBody("x".repeat(1000)).withChunkedDribbleDelay(300, 60_000));
    timesOut();
  }

  private void timesOut() {
    try (Export export =
        new Export(8192, 512, 500, ENDPOINT, url(), "OTEL_EXPORTER_OTLP_TIMEOUT", "200")) {
      long start = System.nanoTime();
      export.spans(1).await(Outcome.TIMEOUT, 1);
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis < 20_000, "took " + millis + " ms");
      assertTrue(export.said.get(0).contains("no answer in time"), export.said.get(0));
    }
  }

  @Test
  void partialSuccess_isCountedAndSaidOnce() {
    ExportTraceServiceResponse partial =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(2)
                    .setErrorMessage("too old"))
            .build();
    always(aResponse().withBody(partial.toByteArray()));
    try (Export export = new Export(ENDPOINT, url())) {
      export.spans(5).await(Outcome.EXPORTED, 3);
      export.spans(5).await(Outcome.EXPORTED, 6);
      assertEquals(4, export.count(Outcome.REJECTED));
      assertEquals(1, export.said.stream().filter(line -> line.contains("too old")).count());
    }
  }

  private void always(ResponseDefinitionBuilder response) {
    BACKEND.stubFor(any(urlMatching(path + ".*")).willReturn(response));
  }

  /** The first answer is this one, those that follow are good. */
  private void first(ResponseDefinitionBuilder response) {
    BACKEND.stubFor(
        any(urlMatching(path + ".*"))
            .inScenario("once")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("well")
            .willReturn(response));
    BACKEND.stubFor(
        any(urlMatching(path + ".*"))
            .inScenario("once")
            .whenScenarioStateIs("well")
            .willReturn(aResponse().withStatus(200)));
  }

  private List<LoggedRequest> requests() {
    return BACKEND.findAll(postRequestedFor(urlMatching(path + ".*")));
  }

  private static int spans(LoggedRequest request) throws InvalidProtocolBufferException {
    return ExportTraceServiceRequest.parseFrom(request.getBody())
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpansCount();
  }
}
