package io.sonde.exporters.otlp;

import io.opentelemetry.common.ComponentLoader;
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
import java.io.IOException;
import java.util.Collections;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives OpenTelemetry's exporters of metrics their senders, which it would look for in files that a
 * jar on the boot path does not show, and keeps what receivers answer to a request that succeeds,
 * which the exporters do not read.
 */
final class Senders implements ComponentLoader {
  private final Target target;
  private final Traffic traffic;
  private final Retries retries;
  private final String version;
  private volatile byte[] answer = {};
  private volatile long asked;
  private volatile @Nullable PlainPosting plain;

  /** Senders to {@code target} that count in {@code traffic}. */
  Senders(Target target, Traffic traffic, Retries retries, String version) {
    this.target = target;
    this.traffic = traffic;
    this.retries = retries;
    this.version = version;
  }

  private MessageWriter counted(MessageWriter body) {
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

  /** How long the last answer asked to wait before the next request; 0 where it did not. */
  long askedMillis() {
    return asked;
  }

  void forget() {
    answer = new byte[0];
    asked = 0;
  }

  /** Keeps no connection of ours until the next request. */
  void close() {
    PlainPosting posting = plain;
    if (posting != null) {
      posting.close();
    }
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

  /** HTTP/protobuf. */
  private final class Http implements HttpSenderProvider {
    @Override
    public HttpSender createSender(HttpSenderConfig config) {
      HttpSender sender;
      if (PlainPosting.fits(target)) {
        PlainPosting posting = plain = new PlainPosting(target, retries, version);
        sender = new Plain(posting);
      } else {
        sender = new Posting(config, retries);
      }
      return new HttpSender() {
        @Override
        public void send(
            MessageWriter own, Consumer<HttpResponse> answered, Consumer<Throwable> failed) {
          sender.send(
              counted(own),
              response -> {
                answer = response.getResponseBody();
                asked = Reply.askedMillis(response);
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

  /** Plain HTTP as OpenTelemetry's exporter wants it. */
  private static final class Plain implements HttpSender {
    private final PlainPosting posting;

    Plain(PlainPosting posting) {
      this.posting = posting;
    }

    @Override
    public void send(
        MessageWriter message, Consumer<HttpResponse> answered, Consumer<Throwable> failed) {
      Answer answer;
      try {
        answer = posting.post(message);
      } catch (IOException | RuntimeException e) {
        failed.accept(e);
        return;
      }
      answered.accept(answer);
    }

    @Override
    public CompletableResultCode shutdown() {
      posting.close();
      return CompletableResultCode.ofSuccess();
    }
  }

  /** OkHttp for gRPC. */
  private final class Grpc implements GrpcSenderProvider {
    @Override
    public GrpcSender createSender(GrpcSenderConfig config) {
      GrpcSender sender = new GrpcPosting(config, retries);
      return new GrpcSender() {
        @Override
        public void send(
            MessageWriter own, Consumer<GrpcResponse> answered, Consumer<Throwable> failed) {
          sender.send(
              counted(own),
              response -> {
                answer = response.getResponseMessage();
                asked = Reply.askedMillis(response);
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
