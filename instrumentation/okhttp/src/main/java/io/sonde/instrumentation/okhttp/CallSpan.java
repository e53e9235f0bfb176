package io.sonde.instrumentation.okhttp;

import io.sonde.core.ClientSpan;
import io.sonde.core.HeaderSink;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The outermost interceptor of a client: begins the span, writes its headers, ends it with the
 * response.
 */
final class CallSpan implements Interceptor {
  static final Interceptor INTERCEPTOR = new CallSpan();

  private static final HeaderSink<Request.Builder> HEADERS =
      new HeaderSink<Request.Builder>() {
        @Override
        public void set(Request.Builder request, String name, String value) {
          request.header(name, value);
        }
      };

  private CallSpan() {}

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    ClientSpan span = ClientSpan.start(request.method());
    if (span == null) {
      return chain.proceed(request);
    }
    span.enter();
    try {
      Response response = chain.proceed(describe(span, request));
      span.status(response.code());
      return response;
    } catch (Throwable thrown) {
      span.error(thrown);
      throw thrown;
    } finally {
      span.leave();
      span.end();
    }
  }

  /** The application's call goes on whatever happens here. */
  private static Request describe(ClientSpan span, Request request) {
    try {
      HttpUrl url = request.url();
      span.address(url.scheme(), url.host(), url.port());
      if (span.exported()) {
        span.url(url.toString());
      }
      Request.Builder builder = request.newBuilder();
      span.inject(builder, HEADERS);
      return builder.build();
    } catch (RuntimeException e) {
      return request;
    }
  }
}
