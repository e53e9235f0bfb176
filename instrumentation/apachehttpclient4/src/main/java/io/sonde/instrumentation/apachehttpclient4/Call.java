package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.ClientSpan;
import io.sonde.core.Hop;
import io.sonde.core.Span;
import io.sonde.core.Tracing;
import java.util.concurrent.CancellationException;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.nio.protocol.HttpAsyncRequestProducer;
import org.apache.http.nio.protocol.HttpAsyncResponseConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the asynchronous client, from the request to the final response's head. Its span
 * starts when the request is known, and is not the context of anything.
 */
final class Call {
  private final @Nullable Span caller = Span.current();
  private volatile @Nullable ClientSpan span;

  private Call() {}

  /** The call that one of the arguments is wrapped for, else a new one. */
  static @Nullable Call of(
      @Nullable HttpAsyncRequestProducer producer,
      @Nullable HttpAsyncResponseConsumer<?> consumer,
      @Nullable FutureCallback<?> callback) {
    if (producer instanceof Producer) {
      return ((Producer) producer).call;
    }
    if (consumer instanceof Consumer) {
      return ((Consumer<?>) consumer).call;
    }
    if (callback instanceof Callback) {
      return ((Callback<?>) callback).call;
    }
    return Tracing.on() ? new Call() : null;
  }

  void started(@Nullable HttpHost target, HttpRequest request) {
    if (span == null) {
      Object entered = Hop.into(caller);
      try {
        span = Requests.start(target, request);
      } finally {
        Hop.exit(entered);
      }
    }
  }

  void responded(HttpResponse response) {
    ClientSpan span = this.span;
    if (span != null) {
      Messages.responded(span, response);
      span.end();
    }
  }

  void failed(@Nullable Throwable thrown) {
    ClientSpan span = this.span;
    if (span != null) {
      span.end(thrown);
    }
  }

  void cancelled() {
    ClientSpan span = this.span;
    if (span != null && !span.isEnded()) {
      span.end(new CancellationException());
    }
  }

  @Nullable Object enterCaller() {
    return Hop.into(caller);
  }
}
