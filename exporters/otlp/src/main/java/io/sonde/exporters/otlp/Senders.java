package io.sonde.exporters.otlp;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.sender.okhttp.internal.OkHttpGrpcSenderProvider;
import io.opentelemetry.exporter.sender.okhttp.internal.OkHttpHttpSenderProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.GrpcSenderProvider;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.sonde.core.Traffic;
import java.util.Collections;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives OpenTelemetry's exporters their senders, which it would look for in files that a jar on the
 * boot path does not show, and keeps what receivers answer to a request that succeeds, which the
 * exporters do not read.
 *
 * <p>The senders send the batch and not the request that the exporter makes: the exporter exports
 * nothing, since its way from spans to bytes makes strings and objects for each. Attempts,
 * compression, TLS and what answers mean stay OpenTelemetry's.
 */
final class Senders implements ComponentLoader {
  private final @Nullable MessageWriter batch;
  private final @Nullable String grpcMethod;
  private final Traffic traffic;
  private volatile byte[] answer = {};

  /**
   * Senders of this batch, whatever it holds by then; null is what the exporter makes.
   *
   * @param grpcMethod what is called by gRPC; null is what the exporter calls
   * @param traffic where requests are counted
   */
  Senders(@Nullable MessageWriter batch, @Nullable String grpcMethod, Traffic traffic) {
    this.batch = batch;
    this.grpcMethod = grpcMethod;
    this.traffic = traffic;
  }

  /** What is sent in the place of what the exporter made. */
  private MessageWriter body(MessageWriter own) {
    MessageWriter body = batch == null ? own : batch;
    traffic.sent(body.getContentLength());
    return body;
  }

  private void failed(Throwable thrown, Consumer<Throwable> to) {
    traffic.over(false);
    to.accept(thrown);
  }

  /** The body of the last answer. */
  byte[] answer() {
    return answer;
  }

  void forget() {
    answer = new byte[0];
  }

  @Override
  public <T> Iterable<T> load(Class<T> type) {
    if (type == HttpSenderProvider.class) {
      return Collections.singletonList(type.cast(new Http()));
    }
    if (type == GrpcSenderProvider.class) {
      return Collections.singletonList(type.cast(new Grpc()));
    }
    return Collections.emptyList();
  }

  /** OkHttp for HTTP/protobuf. */
  private final class Http implements HttpSenderProvider {
    @Override
    public HttpSender createSender(HttpSenderConfig config) {
      HttpSender sender = new OkHttpHttpSenderProvider().createSender(config);
      return new HttpSender() {
        @Override
        public void send(
            MessageWriter own, Consumer<HttpResponse> answered, Consumer<Throwable> failed) {
          sender.send(
              body(own),
              response -> {
                answer = response.getResponseBody();
                traffic.over(response.getStatusCode() / 100 == 2);
                answered.accept(response);
              },
              thrown -> failed(thrown, failed));
        }

        @Override
        public CompletableResultCode shutdown() {
          return sender.shutdown();
        }
      };
    }
  }

  /** OkHttp for gRPC. */
  private final class Grpc implements GrpcSenderProvider {
    @Override
    public GrpcSender createSender(GrpcSenderConfig config) {
      GrpcSenderConfig called = grpcMethod == null ? config : new Calling(config, grpcMethod);
      GrpcSender sender = new OkHttpGrpcSenderProvider().createSender(called);
      return new GrpcSender() {
        @Override
        public void send(
            MessageWriter own, Consumer<GrpcResponse> answered, Consumer<Throwable> failed) {
          sender.send(
              body(own),
              response -> {
                answer = response.getResponseMessage();
                traffic.over(response.getStatusCode() == GrpcStatusCode.OK);
                answered.accept(response);
              },
              thrown -> failed(thrown, failed));
        }

        @Override
        public CompletableResultCode shutdown() {
          return sender.shutdown();
        }
      };
    }
  }
}
