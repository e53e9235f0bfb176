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
    boolean passing = status == 429 || status == 502 || status == 503 || status == 504;
    String to = response instanceof Answer ? ((Answer) response).location : null;
    String message =
        to == null
            ? message(response.getResponseBody())
            : "a redirect to " + Complaints.line(to) + ", which is not followed";
    return new Failure(
        passing ? Outcome.UNAVAILABLE : Outcome.REFUSED,
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

  /**
   * The same for what need not arrive at any price. RESOURCE_EXHAUSTED passes where a RetryInfo
   * says so, which OpenTelemetry's senders do not hand on; without one a request is too large for
   * good.
   */
  static Failure ofProfiles(@Nullable Throwable thrown, Target target) {
    Failure failure = of(thrown, target);
    if (thrown instanceof GrpcExportException) {
      GrpcResponse response = ((GrpcExportException) thrown).getResponse();
      if (response != null && response.getStatusCode() == GrpcStatusCode.RESOURCE_EXHAUSTED) {
        return new Failure(Outcome.REFUSED, failure.text);
      }
    }
    return failure;
  }

  private static Failure answered(GrpcResponse response) {
    GrpcStatusCode code = response.getStatusCode();
    String message = Complaints.line(String.valueOf(response.getStatusDescription()));
    String text =
        "it answers gRPC status " + code + (message.isEmpty() ? "" : " (" + message + ")");
    switch (code) {
      case CANCELLED:
      case DEADLINE_EXCEEDED:
      case RESOURCE_EXHAUSTED:
      case ABORTED:
      case OUT_OF_RANGE:
      case UNAVAILABLE:
      case DATA_LOSS:
        return new Failure(Outcome.UNAVAILABLE, text);
      default:
        return new Failure(Outcome.REFUSED, text);
    }
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
