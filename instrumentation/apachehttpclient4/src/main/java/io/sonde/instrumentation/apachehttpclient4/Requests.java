package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.ClientSpan;
import java.net.URI;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.methods.HttpUriRequest;
import org.jspecify.annotations.Nullable;

/** Requests as the application makes them, which may know their URI themselves. */
final class Requests {
  private Requests() {}

  static String method(HttpRequest request) {
    return request instanceof HttpUriRequest
        ? ((HttpUriRequest) request).getMethod()
        : request.getRequestLine().getMethod();
  }

  /** Starts the span and writes it into the request. */
  static @Nullable ClientSpan start(@Nullable HttpHost target, HttpRequest request) {
    ClientSpan span = ClientSpan.start(method(request));
    describe(span, target, request);
    return span;
  }

  /** Tells the span where the request goes, and writes it into the request. */
  static void describe(@Nullable ClientSpan span, @Nullable HttpHost target, HttpRequest request) {
    URI uri = request instanceof HttpUriRequest ? ((HttpUriRequest) request).getURI() : null;
    Messages.describe(span, target, uri, request);
  }
}
