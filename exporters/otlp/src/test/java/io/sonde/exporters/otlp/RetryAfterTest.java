package io.sonde.exporters.otlp;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Receivers that say when to come again; pauses are noted and not made. An export may take a
 * minute, and a batch five.
 */
final class RetryAfterTest {
  @RegisterExtension
  static final WireMockExtension BACKEND =
      WireMockExtension.newInstance().options(options().dynamicPort()).build();

  private static final long SECOND = Pauses.SECOND;

  private final Delivery delivery = new Delivery();
  private final Pauses pauses = new Pauses();
  private final FiveSpans spans = new FiveSpans();

  @Test
  void withinTheTimeout_isPartOfOneExport() {
    overloaded("3", 2);
    assertTrue(delivering().deliver());
    assertEquals(List.of(3 * SECOND, 3 * SECOND), pauses.made);
    assertEquals(3, requests());
    assertEquals(5, delivery.count(Outcome.EXPORTED));
    assertEquals(List.of(), spans.said);
  }

  @Test
  void beyondTheTimeout_isWaitedForToItsEnd() {
    overloaded("90", 1);
    assertTrue(delivering().deliver());
    assertEquals(List.of(90 * SECOND), pauses.made);
    assertEquals(2, requests());
    assertEquals(5, delivery.count(Outcome.EXPORTED));
  }

  @Test
  void beyondTheTimeOfTheBatch_itHasItsChanceAllTheSame() {
    overloaded("500", 1);
    assertTrue(delivering().deliver());
    assertEquals(List.of(500 * SECOND), pauses.made);
    assertEquals(5, delivery.count(Outcome.EXPORTED));
  }

  @Test
  void again_batchIsLost_andTheNextOneWaits() {
    overloaded("500", 2);
    Delivering delivering = delivering();
    assertFalse(delivering.deliver());
    assertEquals(List.of(500 * SECOND, 500 * SECOND), pauses.made);
    assertEquals("5 unavailable", delivery.losses());
    assertTrue(delivering.deliver());
    assertEquals(3, requests());
    assertEquals(5, delivery.count(Outcome.EXPORTED));
  }

  @Test
  void jvmEnds_isNotWaitedFor() {
    overloaded("500", 9);
    pauses.during = () -> spans.flushing = true;
    assertFalse(delivering().deliver());
    assertEquals(1, pauses.made.size());
    assertEquals(2, requests());
    assertEquals("5 unavailable", delivery.losses());
  }

  /** Whether the flush came before or after the answer was read must not decide. */
  @Test
  void jvmEndsDuringAnAttempt_oneMoreIsMade() {
    overloaded("500", 9);
    spans.during = () -> spans.flushing = true;
    assertFalse(delivering().deliver());
    assertEquals(List.of(), pauses.made);
    assertEquals(2, requests());
    assertEquals("5 unavailable", delivery.losses());
  }

  @Test
  void jvmEndsDuringAnAttempt_theNextOneArrives() {
    overloaded("500", 1);
    spans.during = () -> spans.flushing = true;
    assertTrue(delivering().deliver());
    assertEquals(5, delivery.count(Outcome.EXPORTED));
  }

  @Test
  void byOkHttp_isLeftToWhoeverExports() {
    overloaded("90", 9);
    Target target = target();
    Retries retries = new Retries(1000, failure -> true, pauses);
    Posting posting = new Posting(new Connection(target, "", spans, "1.2.3"), retries);
    List<HttpResponse> answers = new ArrayList<>();
    posting.send(spans, answers::add, thrown -> spans.warn(thrown.toString()));
    posting.shutdown();
    assertEquals(List.of(), pauses.made);
    assertEquals(1, requests());
    assertEquals(90_000, Reply.askedMillis(answers.get(0)));
  }

  @Test
  void byOkHttp_withinTheTimeout_isWaitedFor() {
    overloaded("3", 1);
    Retries retries = new Retries(1000, failure -> true, pauses);
    Posting posting = new Posting(new Connection(target(), "", spans, "1.2.3"), retries);
    List<HttpResponse> answers = new ArrayList<>();
    posting.send(spans, answers::add, thrown -> spans.warn(thrown.toString()));
    posting.shutdown();
    assertEquals(List.of(3 * SECOND), pauses.made);
    assertEquals(200, answers.get(0).getStatusCode());
  }

  /** So many answers that ask to come later, and then good ones. */
  private static void overloaded(String retryAfter, int times) {
    ResponseDefinitionBuilder later =
        aResponse().withStatus(503).withHeader("Retry-After", retryAfter);
    for (int i = 0; i <= times; i++) {
      BACKEND.stubFor(
          any(anyUrl())
              .inScenario("later")
              .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "answered " + i)
              .willSetStateTo("answered " + Math.min(times, i + 1))
              .willReturn(i < times ? later : aResponse().withStatus(200)));
    }
  }

  private static int requests() {
    return BACKEND.findAll(postRequestedFor(anyUrl())).size();
  }

  private static Target target() {
    return Objects.requireNonNull(
        Target.of(
            Export.settings(
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                BACKEND.baseUrl(),
                "OTEL_EXPORTER_OTLP_TIMEOUT",
                "60000")));
  }

  private Delivering delivering() {
    return spans.to(target(), delivery, pauses);
  }
}
