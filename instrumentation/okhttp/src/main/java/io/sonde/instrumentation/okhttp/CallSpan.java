package io.sonde.instrumentation.okhttp;

import io.sonde.core.HttpCall;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The outermost interceptor of a client: begins the call's first span, and ends what no request was
 * sent for, such as a connection that was refused.
 */
final class CallSpan implements Interceptor {
  static final Interceptor INTERCEPTOR = new CallSpan();

  private CallSpan() {}

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    HttpCall call = HttpCall.begin(request.method());
    if (call == null) {
      return chain.proceed(request);
    }
    Throwable failure = null;
    Response response = null;
    try {
      response = chain.proceed(Requests.describe(call.span(), request));
      return response;
    } catch (Throwable thrown) {
      failure = thrown;
      throw thrown;
    } finally {
      end(call, response, failure);
    }
  }

  private static void end(HttpCall call, @Nullable Response response, @Nullable Throwable failure) {
    if (response == null || call.sent()) {
      call.end(failure);
    } else if (response.cacheResponse() != null && response.networkResponse() == null) {
      // Nothing went over the network.
      call.leave();
    } else {
      Requests.responded(call.span(), response);
      call.end(null);
    }
  }
}
