package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.sonde.core.Delivery.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which answers pass, by OTLP's table. */
final class FailureTest {
  @ParameterizedTest
  @CsvSource({
    "1, CANCELLED, UNAVAILABLE",
    "2, UNKNOWN, REFUSED",
    "3, INVALID_ARGUMENT, REFUSED",
    "4, DEADLINE_EXCEEDED, UNAVAILABLE",
    "5, NOT_FOUND, REFUSED",
    "6, ALREADY_EXISTS, REFUSED",
    "7, PERMISSION_DENIED, REFUSED",
    "8, RESOURCE_EXHAUSTED, REFUSED",
    "9, FAILED_PRECONDITION, REFUSED",
    "10, ABORTED, UNAVAILABLE",
    "11, OUT_OF_RANGE, UNAVAILABLE",
    "12, UNIMPLEMENTED, REFUSED",
    "13, INTERNAL, REFUSED",
    "14, UNAVAILABLE, UNAVAILABLE",
    "15, DATA_LOSS, UNAVAILABLE",
    "16, UNAUTHENTICATED, REFUSED"
  })
  void grpc(String status, String code, Outcome outcome) {
    Target target =
        Target.of(Export.settings("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://a:4318/p"));
    GrpcAnswer answer = GrpcAnswer.of(status, "so", new byte[0], null);
    Failure failure = Failure.of(FailedExportException.grpcFailedWithResponse(answer), target);
    assertEquals(outcome, failure.outcome);
    assertEquals("it answers gRPC status " + code + " (so)", failure.text);
  }
}
