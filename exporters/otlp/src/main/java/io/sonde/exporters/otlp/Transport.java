package io.sonde.exporters.otlp;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.sonde.core.Traffic;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a body to a target, whatever it holds by then, over HTTP or gRPC and on the thread that
 * calls, in several attempts if need be.
 */
final class Transport {
  private static final byte[] NOTHING = {};

  private final MessageWriter body;
  private final Traffic traffic;
  private final @Nullable PlainPosting plain;
  private final @Nullable HttpSender http;
  private final @Nullable GrpcSender grpc;
  private byte[] answer = NOTHING;
  private long asked;
  private @Nullable Throwable failure;
  private boolean over;

  Transport(
      Target target,
      String grpcMethod,
      Retries retries,
      Delivering.Owner owner,
      MessageWriter body,
      Traffic traffic) {
    this.body = body;
    this.traffic = traffic;
    if (PlainPosting.fits(target)) {
      plain = new PlainPosting(target, retries, owner.version());
      http = null;
      grpc = null;
      return;
    }
    Connection connection = new Connection(target, grpcMethod, owner, owner.version());
    plain = null;
    http = target.grpc ? null : new Posting(connection, retries);
    grpc = target.grpc ? new GrpcPosting(connection, retries) : null;
  }

  /** Null where the receiver took it, else what kept it from that. */
  @Nullable Throwable send() {
    answer = NOTHING;
    asked = 0;
    failure = null;
    over = false;
    traffic.sent(body.getContentLength());
    try {
      if (plain != null) {
        post(plain);
      } else if (http != null) {
        post(http);
      } else if (grpc != null) {
        call(grpc);
      }
      if (!over) {
        failure = new IllegalStateException("neither an answer nor a failure");
      }
    } finally {
      traffic.over(over && failure == null);
    }
    return failure;
  }

  private void post(PlainPosting to) {
    try {
      answered(to.post(body));
    } catch (IOException e) {
      over(FailedExportException.httpFailedExceptionally(e));
    }
  }

  private void post(HttpSender to) {
    to.send(
        body,
        this::answered,
        thrown -> over(FailedExportException.httpFailedExceptionally(thrown)));
  }

  private void answered(HttpResponse response) {
    answer = response.getResponseBody();
    asked = Reply.askedMillis(response);
    boolean taken = response.getStatusCode() / 100 == 2;
    over(taken ? null : FailedExportException.httpFailedWithResponse(response));
  }

  private void call(GrpcSender to) {
    to.send(
        body,
        response -> {
          answer = response.getResponseMessage();
          asked = Reply.askedMillis(response);
          boolean taken = response.getStatusCode() == GrpcStatusCode.OK;
          over(taken ? null : FailedExportException.grpcFailedWithResponse(response));
        },
        thrown -> over(FailedExportException.grpcFailedExceptionally(thrown)));
  }

  private void over(@Nullable Throwable why) {
    failure = why;
    over = true;
  }

  /** The body of the last answer. */
  byte[] answer() {
    return answer;
  }

  /** How long the last answer asked to wait before the next request; 0 where it did not. */
  long askedMillis() {
    return asked;
  }

  /** Nothing is to be sent for now. */
  void rest() {
    if (plain != null) {
      plain.rest();
    }
  }
}
