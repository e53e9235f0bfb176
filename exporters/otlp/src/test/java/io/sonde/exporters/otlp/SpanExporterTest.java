package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Headers;
import io.sonde.core.ServerSpan;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

final class SpanExporterTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Headers<Map<String, String>> HEADERS = Map::get;

  @Test
  void span_ended_arrives() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = new Export("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      ServerSpan span = ServerSpan.start(Map.of(), HEADERS, "GET");
      span.route("/cart/{id}", 2);
      span.status(200);
      span.exit();
      span.end();

      ReceivedSpan received = sink.awaitSpans(1, SOON).get(0);
      assertEquals("GET /cart/{id}", received.name());
      assertEquals("shop", received.service());
      assertEquals("io.sonde", received.scopeName());
      assertEquals("1.2.3", received.scopeVersion());
      assertEquals(List.of(), export.said);
    }
  }

  @Test
  void firstSpans_applicationStillStarting_waitButNotForever() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = new Export("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      export.loadedClasses = starting();
      export.spans(1);
      Export.sleep(1000);
      assertEquals(0, export.count(Outcome.EXPORTED));
      export.await(Outcome.EXPORTED, 1);
      export.spans(1).await(Outcome.EXPORTED, 2);
    }
  }

  @Test
  void firstSpans_applicationStarted_go() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = new Export("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      export.loadedClasses = starting();
      export.spans(1);
      Export.sleep(500);
      assertEquals(0, export.count(Outcome.EXPORTED));
      export.loadedClasses = () -> Integer.MAX_VALUE;
      long begin = System.nanoTime();
      export.await(Outcome.EXPORTED, 1);
      assertTrue(System.nanoTime() - begin < 4_000_000_000L);
    }
  }

  @Test
  void firstSpans_jvmEndsWhileApplicationStarts_allArrive() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = Export.slow("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      export.loadedClasses = starting();
      export.spans(700);
      export.exporter.flush();
      assertEquals(700, export.count(Outcome.EXPORTED));
    }
  }

  @Test
  void firstSpans_aBatchOfThem_goAtOnce() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = new Export(64, 8, 1000, "OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      export.loadedClasses = starting();
      long begin = System.nanoTime();
      export.spans(8).await(Outcome.EXPORTED, 8);
      assertTrue(System.nanoTime() - begin < 4_000_000_000L);
    }
  }

  private static LongSupplier starting() {
    AtomicLong loaded = new AtomicLong();
    return () -> loaded.addAndGet(1000);
  }
}
