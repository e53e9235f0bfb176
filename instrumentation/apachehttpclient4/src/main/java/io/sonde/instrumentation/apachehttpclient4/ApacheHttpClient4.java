package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.ClientSpan;
import io.sonde.core.HttpCall;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.RequestLine;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Client spans for Apache HttpClient 4.0 to 4.5, one for each request that is sent. */
public final class ApacheHttpClient4 {
  private ApacheHttpClient4() {}

  /** The call: its first span begins before there is a connection. */
  @Weave(
      type = {
        "org.apache.http.impl.client.InternalHttpClient",
        "org.apache.http.impl.client.MinimalHttpClient",
        "org.apache.http.impl.client.AbstractHttpClient"
      },
      method = {
        // before 4.3 there is no doExecute, from 4.3 on these classes inherit execute
        "doExecute(org.apache.http.HttpHost,org.apache.http.HttpRequest,"
            + "org.apache.http.protocol.HttpContext)",
        "execute(org.apache.http.HttpHost,org.apache.http.HttpRequest,"
            + "org.apache.http.protocol.HttpContext)"
      })
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable HttpCall enter(
        @Advice.Argument(0) @Nullable HttpHost target,
        @Advice.Argument(1) @Nullable HttpRequest request) {
      HttpCall call = request == null ? null : HttpCall.begin(Requests.method(request));
      if (call != null && request != null) {
        try {
          Requests.describe(call.span(), target, request);
        } catch (RuntimeException fromTheApplicationsRequest) {
          // The span has less to say; its end must be reached.
        }
      }
      return call;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable HttpCall call,
        @Advice.Return @Nullable HttpResponse response,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (call != null) {
        if (response != null && !call.sent()) {
          Messages.responded(call.span(), response);
        }
        call.end(thrown);
      }
    }
  }

  /**
   * Each request that goes out: redirects, retries and answers to challenges come here again. This
   * class is of the library below, and sees only that one's types.
   */
  @Weave(
      type = "org.apache.http.protocol.HttpRequestExecutor",
      method =
          "execute(org.apache.http.HttpRequest,org.apache.http.HttpClientConnection,"
              + "org.apache.http.protocol.HttpContext)")
  public static final class Attempt {
    private Attempt() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ClientSpan enter(
        @Advice.Argument(0) HttpRequest request, @Advice.Argument(2) HttpContext context) {
      HttpCall call = HttpCall.current();
      RequestLine line = call == null ? null : request.getRequestLine();
      // A CONNECT makes a tunnel through a proxy, and the request comes after it.
      if (call == null || line == null || line.getMethod().equals("CONNECT")) {
        return null;
      }
      if (call.sending(line.getMethod())) {
        Object target = context.getAttribute("http.target_host");
        Messages.describe(
            call.span(), target instanceof HttpHost ? (HttpHost) target : null, null, request);
      }
      ClientSpan span = call.span();
      if (span != null) {
        span.enter();
      }
      return span;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable ClientSpan span,
        @Advice.Return @Nullable HttpResponse response,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (span != null) {
        span.leave();
        if (response != null) {
          Messages.responded(span, response);
        }
        span.end(thrown);
      }
    }
  }
}
