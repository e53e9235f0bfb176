package io.sonde.instrumentation.okhttp;

import io.sonde.core.ClientSpan;
import io.sonde.core.HeaderSink;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What a request and its response say about the span. */
final class Requests {
  private static final HeaderSink<Request.Builder> HEADERS =
      new HeaderSink<Request.Builder>() {
        @Override
        public void set(Request.Builder request, String name, String value) {
          request.header(name, value);
        }
      };

  private Requests() {}

  /**
   * Returns the request with the span's headers. The application's call goes on whatever happens
   * here.
   */
  static Request describe(@Nullable ClientSpan span, Request request) {
    if (span == null) {
      return request;
    }
    try {
      address(span, request);
      Request.Builder builder = request.newBuilder();
      span.inject(builder, HEADERS);
      return builder.build();
    } catch (RuntimeException e) {
      return request;
    }
  }

  /** Tells the span where the request goes. */
  static void address(@Nullable ClientSpan span, Request request) {
    if (span != null) {
      HttpUrl url = request.url();
      span.address(url.scheme(), url.host(), url.port());
      if (span.exported()) {
        span.url(url.toString());
      }
    }
  }

  static void responded(@Nullable ClientSpan span, Response response) {
    if (span != null) {
      span.status(response.code());
      span.httpVersion(version(response.protocol().toString()));
    }
  }

  /**
   * As in ALPN: http/1.0, http/1.1, h2, h2_prior_knowledge, h3; spdy/3.1 has no version of HTTP.
   */
  private static @Nullable String version(String protocol) {
    if (protocol.startsWith("http/")) {
      return protocol.endsWith("/1.1") ? "1.1" : "1.0";
    }
    return protocol.startsWith("h2") ? "2" : protocol.startsWith("h3") ? "3" : null;
  }
}
