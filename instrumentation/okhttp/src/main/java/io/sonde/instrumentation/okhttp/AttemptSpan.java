package io.sonde.instrumentation.okhttp;

import io.sonde.core.ClientSpan;
import io.sonde.core.HttpCall;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The innermost interceptor of a client, run for each request that is sent: redirects, retries and
 * answers to challenges have spans of their own.
 */
final class AttemptSpan implements Interceptor {
  static final Interceptor INTERCEPTOR = new AttemptSpan();

  private AttemptSpan() {}

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    HttpCall call = HttpCall.current();
    if (call == null) {
      return chain.proceed(request);
    }
    if (call.sending(request.method())) {
      request = Requests.describe(call.span(), request);
    }
    ClientSpan span = call.span();
    if (span == null) {
      return chain.proceed(request);
    }
    span.enter();
    try {
      Response response = chain.proceed(request);
      Requests.responded(span, response);
      return response;
    } catch (Throwable thrown) {
      span.error(thrown);
      throw thrown;
    } finally {
      span.leave();
      span.end();
    }
  }
}
