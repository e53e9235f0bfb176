package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.core.Headers;
import io.sonde.core.ServerSpan;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
}
