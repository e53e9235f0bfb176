package io.sonde.instrumentation.apachehttpclient5;

import io.sonde.core.ClientSpan;
import io.sonde.core.HttpCall;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Client spans for the classic client of Apache HttpClient 5, one for each request that is sent.
 */
public final class ApacheHttpClient5 {
  private ApacheHttpClient5() {}

  /** The call: its first span begins before there is a connection. */
  @Weave(
      type = {
        "org.apache.hc.client5.http.impl.classic.InternalHttpClient",
        "org.apache.hc.client5.http.impl.classic.MinimalHttpClient"
      },
      method =
          "doExecute(org.apache.hc.core5.http.HttpHost,org.apache.hc.core5.http.ClassicHttpRequest,"
              + "org.apache.hc.core5.http.protocol.HttpContext)")
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable HttpCall enter(
        @Advice.Argument(0) @Nullable HttpHost target,
        @Advice.Argument(1) @Nullable ClassicHttpRequest request) {
      HttpCall call = request == null ? null : HttpCall.begin(request.getMethod());
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
          Requests.responded(call.span(), response);
        }
        call.end(thrown);
      }
    }
  }

  /** A connection for each of the call's requests: its span begins here. */
  @Weave(
      type = "org.apache.hc.client5.http.impl.classic.ConnectExec",
      method =
          "execute(org.apache.hc.core5.http.ClassicHttpRequest,"
              + "org.apache.hc.client5.http.classic.ExecChain$Scope,"
              + "org.apache.hc.client5.http.classic.ExecChain)")
  public static final class Connect {
    private Connect() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.Argument(0) ClassicHttpRequest request, @Advice.Argument(1) ExecChain.Scope scope) {
      HttpCall call = HttpCall.current();
      if (call != null && call.connecting(request.getMethod())) {
        Requests.describe(call.span(), scope.route.getTargetHost(), request);
      }
    }
  }

  /** Each request that goes out: redirects, retries and answers to challenges come here again. */
  @Weave(
      type = "org.apache.hc.core5.http.impl.io.HttpRequestExecutor",
      method =
          "execute(org.apache.hc.core5.http.ClassicHttpRequest,"
              + "org.apache.hc.core5.http.io.HttpClientConnection,"
              + "org.apache.hc.core5.http.io.HttpResponseInformationCallback,"
              + "org.apache.hc.core5.http.protocol.HttpContext)")
  public static final class Attempt {
    private Attempt() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ClientSpan enter(@Advice.Argument(0) ClassicHttpRequest request) {
      HttpCall call = HttpCall.current();
      // A CONNECT makes a tunnel through a proxy, and the request comes after it.
      if (call == null || request.getMethod().equals("CONNECT")) {
        return null;
      }
      if (call.sending(request.getMethod())) {
        Requests.describe(call.span(), null, request);
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
          Requests.responded(span, response);
        }
        span.end(thrown);
      }
    }
  }
}
