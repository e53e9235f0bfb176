package io.sonde.instrumentation.apachehttpclient5;

import io.sonde.core.ClientSpan;
import io.sonde.core.Hop;
import io.sonde.core.Span;
import io.sonde.core.Tracing;
import java.util.concurrent.CancellationException;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the asynchronous client, from the request to the final response's head. Its span
 * starts when the request is known, and is not the context of anything.
 */
final class Call {
  private final @Nullable HttpHost target;
  private final @Nullable Span caller = Span.current();
  private volatile @Nullable ClientSpan span;

  private Call(@Nullable HttpHost target) {
    this.target = target;
  }

  /** The call that one of the arguments is wrapped for, else a new one. */
  static @Nullable Call of(
      @Nullable HttpHost target,
      @Nullable AsyncRequestProducer producer,
      @Nullable AsyncResponseConsumer<?> consumer,
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
    return Tracing.on() ? new Call(target) : null;
  }

  void started(HttpRequest request) {
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
      Requests.responded(span, response);
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
