package io.sonde.exporters.otlp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Headers;
import io.sonde.core.Red;
import io.sonde.core.ServerSpan;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of deltas when the receiver misbehaves: they arrive later, and all is counted. */
final class MetricFaultsTest {
  @RegisterExtension
  static final WireMockExtension BACKEND =
      WireMockExtension.newInstance().options(options().dynamicPort()).build();

  private static final Headers<Map<String, String>> HEADERS = Map::get;
  private static final String LAST = "back";

  @Test
  void refused_isInTheNextExport() throws Exception {
    assertLater(aResponse().withStatus(400).withBody("no"), Outcome.REFUSED, "status 400 (no)");
  }

  @Test
  void webPage_isNoReceiver() throws Exception {
    assertLater(aResponse().withBody("<html>"), Outcome.REFUSED, "a web page answers");
  }

  @Test
  void refusedInPart_isCountedInParts() throws Exception {
    ExportMetricsServiceResponse partial =
        ExportMetricsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportMetricsPartialSuccess.newBuilder()
                    .setRejectedDataPoints(1)
                    .setErrorMessage("too old"))
            .build();
    BACKEND.stubFor(any(anyUrl()).willReturn(aResponse().withBody(partial.toByteArray())));
    Delivery delivery = new Delivery();
    try (Export export = export()) {
      Exporting exporting = new Exporting(export, delivery);
      call();
      export.await(() -> delivery.count(Outcome.REJECTED) >= 1, "a rejected sample");
      call();
      export.await(() -> delivery.count(Outcome.REJECTED) >= 2, "another");
      exporting.stop();
      assertEquals(1, export.said.stream().filter(line -> line.contains("too old")).count());
    }
  }

  @Test
  void retryAfterBeyondTheTimeout_receiverIsLeftAlone_untilTheJvmEnds() throws Exception {
    BACKEND.stubFor(
        any(anyUrl()).willReturn(aResponse().withStatus(503).withHeader("Retry-After", "500")));
    Delivery delivery = new Delivery();
    try (Export export =
        Export.slow(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            BACKEND.baseUrl(),
            "OTEL_EXPORTER_OTLP_TIMEOUT",
            "60000")) {
      Exporting exporting = new Exporting(export, delivery);
      call();
      export.await(() -> delivery.count(Outcome.UNAVAILABLE) > 0, "an answer");
      Export.sleep(500); // five intervals
      assertEquals(1, BACKEND.getAllServeEvents().size());
      BACKEND.stubFor(any(anyUrl()).willReturn(aResponse()));
      exporting.exporter.flush();
      export.await(() -> delivery.count(Outcome.EXPORTED) > 0, "an export that arrives");
      exporting.stop();
    }
    assertEquals(1, calls(BACKEND.getAllServeEvents().get(0)));
  }

  /** After that answer all calls arrive with the next one. */
  private static void assertLater(ResponseDefinitionBuilder first, Outcome outcome, String said)
      throws Exception {
    BACKEND.stubFor(
        any(anyUrl())
            .inScenario("fault")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(first)
            .willSetStateTo(LAST));
    BACKEND.stubFor(
        any(anyUrl()).inScenario("fault").whenScenarioStateIs(LAST).willReturn(aResponse()));
    Delivery delivery = new Delivery();
    try (Export export = export()) {
      Exporting exporting = new Exporting(export, delivery);
      call();
      export.await(() -> delivery.count(outcome) > 0, outcome.text());
      call();
      export.await(() -> delivery.count(Outcome.EXPORTED) > 0, "an export that arrives");
      export.await(() -> arrived() >= 2, "both calls");
      exporting.stop();
      assertTrue(export.said.get(0).contains(said), export.said::toString);
    }
    assertEquals(2, arrived());
  }

  /** How many calls are in the requests after the first one, which failed. */
  private static long arrived() {
    List<ServeEvent> events = BACKEND.getAllServeEvents(); // the newest comes first
    return events.stream().limit(events.size() - 1).mapToLong(MetricFaultsTest::calls).sum();
  }

  private static long calls(ServeEvent event) {
    ExportMetricsServiceRequest request;
    try {
      request = ExportMetricsServiceRequest.parseFrom(event.getRequest().getBody());
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
    return request.getResourceMetricsList().stream()
        .flatMap(resource -> resource.getScopeMetricsList().stream())
        .flatMap(scope -> scope.getMetricsList().stream())
        .filter(metric -> metric.getName().equals("http.server.request.duration"))
        .map(Metric::getHistogram)
        .flatMap(histogram -> histogram.getDataPointsList().stream())
        .mapToLong(point -> point.getCount())
        .sum();
  }

  private static Export export() {
    return Export.slow("OTEL_EXPORTER_OTLP_ENDPOINT", BACKEND.baseUrl());
  }

  private static void call() {
    ServerSpan span = ServerSpan.start(Map.of(), HEADERS, "GET");
    span.route("/cart", 2);
    span.status(200);
    span.exit();
    span.end();
  }

  /** An exporter that runs. */
  private static final class Exporting {
    private final MetricExporter exporter;
    private final Thread thread;

    Exporting(Export export, Delivery delivery) {
      Red red = Red.start(10);
      Target target = Objects.requireNonNull(Target.ofMetrics(export.settings));
      exporter =
          new MetricExporter(target, red, red, 100, Temporality.DELTA, false, delivery, export);
      thread = new Thread(exporter, "sonde-metrics");
      thread.setDaemon(true);
      thread.start();
    }

    void stop() throws InterruptedException {
      exporter.stop();
      thread.join(10_000);
    }
  }
}
