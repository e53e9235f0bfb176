package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.sonde.core.Delivery.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers pass. */
final class FailureTest {
  @ParameterizedTest
  @CsvSource({
    "RESOURCE_EXHAUSTED, UNAVAILABLE, REFUSED",
    "UNAVAILABLE, UNAVAILABLE, UNAVAILABLE",
    "INVALID_ARGUMENT, REFUSED, REFUSED"
  })
  void grpc_spansAndProfiles(GrpcStatusCode code, Outcome spans, Outcome profiles) {
    Target target =
        Target.ofProfiles(
            Export.settings("OTEL_EXPORTER_OTLP_PROFILES_ENDPOINT", "http://a:4318/p"));
    Throwable thrown =
        FailedExportException.grpcFailedWithResponse(
            new GrpcResponse() {
              @Override
              public GrpcStatusCode getStatusCode() {
                return code;
              }

              @Override
              public String getStatusDescription() {
                return "";
              }

              @Override
              public byte[] getResponseMessage() {
                return new byte[0];
              }
            });
    assertEquals(spans, Failure.of(thrown, target).outcome);
    assertEquals(profiles, Failure.ofProfiles(thrown, target).outcome);
  }
}
