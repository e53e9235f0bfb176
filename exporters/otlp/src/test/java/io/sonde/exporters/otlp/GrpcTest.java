package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.Delivery.Outcome;
import io.sonde.testing.OtlpSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OTLP over gRPC, received by gRPC's own server. */
final class GrpcTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void spans_arriveWithHeaders(String compression) {
    try (OtlpSink sink = OtlpSink.grpc();
        Export export =
            new Export(
                ENDPOINT,
                sink.endpoint(),
                PROTOCOL,
                "grpc",
                "OTEL_EXPORTER_OTLP_COMPRESSION",
                compression,
                "OTEL_EXPORTER_OTLP_HEADERS",
                "X-Tenant=a%20b")) {
      export.spans(20).await(Outcome.EXPORTED, 20);
      assertEquals(20, sink.counts().spans());
      assertEquals("a b", sink.requests().get(0).header("x-tenant"));
      assertEquals("shop", sink.spans().get(0).service());
    }
  }

  @Test
  void manySpans_noRequestIsTooLargeForAReceiver() {
    try (OtlpSink sink = OtlpSink.grpc();
        Export export =
            new Export(8192, 4096, 30_000, ENDPOINT, sink.endpoint(), PROTOCOL, "grpc")) {
      export.spans(4096, "x".repeat(700)).await(Outcome.EXPORTED, 4096);
      assertTrue(sink.requests().size() >= 3, sink.requests().size() + " requests");
      sink.requests().forEach(r -> assertTrue(r.bytes() < 2 << 20, r.bytes() + " bytes"));
    }
  }

  @Test
  void httpReceiver_isNamedAsTheMistake() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = new Export(8192, 512, 100, ENDPOINT, sink.endpoint(), PROTOCOL, "grpc")) {
      export.spans(1).await(() -> export.delivery.lost() == 1, "a loss");
      assertEquals(1, export.said.size());
    }
  }
}
