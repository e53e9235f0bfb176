package io.sonde.exporters.otlp;

import io.opentelemetry.exporter.internal.FailedExportException.GrpcExportException;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.sonde.core.Complaints;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Trouble;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Why an export failed: as an outcome to count, and in words. */
final class Failure {
  final Outcome outcome;
  final String text;

  private Failure(Outcome outcome, String text) {
    this.outcome = outcome;
    this.text = text;
  }

  static Failure of(@Nullable Throwable thrown, Target target) {
    if (thrown instanceof HttpExportException) {
      HttpResponse response = ((HttpExportException) thrown).getResponse();
      return response != null ? answered(response) : broken(thrown.getCause(), target);
    }
    if (thrown instanceof GrpcExportException) {
      GrpcResponse response = ((GrpcExportException) thrown).getResponse();
      return response != null ? answered(response) : broken(thrown.getCause(), target);
    }
    return new Failure(Outcome.FAILED, Complaints.line(String.valueOf(thrown)));
  }

  /** A web page came in answer to spans. */
  static Failure page() {
    return new Failure(Outcome.REFUSED, "a web page answers, not an OTLP receiver");
  }

  static boolean page(byte[] body) {
    for (byte b : body) {
      if (b > ' ') {
        return b == '<';
      }
    }
    return false;
  }

  private static Failure answered(HttpResponse response) {
    int status = response.getStatusCode();
    String to = response instanceof Answer ? ((Answer) response).location : null;
    String message =
        to == null
            ? message(response.getResponseBody())
            : "a redirect to " + Complaints.line(to) + ", which is not followed";
    return new Failure(
        outcome(response),
        "it answers status " + status + (message.isEmpty() ? "" : " (" + message + ")"));
  }

  /**
   * A google.rpc.Status where the receiver keeps to the specification, else whatever text is there.
   */
  private static String message(byte[] body) {
    if (page(body)) {
      return "a web page";
    }
    String message = new Fields(body).text(2);
    return Complaints.line(message != null ? message : new String(body, StandardCharsets.UTF_8));
  }

  private static Failure answered(GrpcResponse response) {
    GrpcStatusCode code = response.getStatusCode();
    String message = Complaints.line(String.valueOf(response.getStatusDescription()));
    String text =
        "it answers gRPC status " + code + (message.isEmpty() ? "" : " (" + message + ")");
    return new Failure(outcome(response), text);
  }

  private static Outcome outcome(Object response) {
    return Reply.passes(response) ? Outcome.UNAVAILABLE : Outcome.REFUSED;
  }

  private static Failure broken(@Nullable Throwable thrown, Target target) {
    Trouble trouble = Trouble.of(thrown);
    if (!trouble.unclear) {
      return new Failure(trouble.outcome, trouble.text);
    }
    String message = trouble.text;
    if (!target.grpc && target.port == 4317) {
      message += "; port 4317 usually speaks gRPC: use 4318, or OTEL_EXPORTER_OTLP_PROTOCOL=grpc";
    } else if (target.grpc && target.port == 4318) {
      message +=
          "; port 4318 usually speaks HTTP: use 4317, or OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";
    }
    return new Failure(trouble.outcome, message);
  }
}
