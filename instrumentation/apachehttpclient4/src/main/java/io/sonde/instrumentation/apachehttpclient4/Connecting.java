package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.HttpCall;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpRequest;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * A connection for each request of a call, from Apache HttpClient 4.0 to 4.5: its span begins here.
 */
public final class Connecting {
  private Connecting() {}

  /** A redirect of the clients of 4.0 to 4.2, which later versions still have. */
  @Weave(
      type = "org.apache.http.impl.client.DefaultRequestDirector",
      method =
          "determineRoute(org.apache.http.HttpHost,org.apache.http.HttpRequest,"
              + "org.apache.http.protocol.HttpContext)")
  public static final class Director {
    private Director() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.Return @Nullable HttpRoute route, @Advice.Argument(1) HttpRequest request) {
      connecting(route, request);
    }
  }

  /** A redirect. */
  @Weave(
      type = "org.apache.http.impl.execchain.MainClientExec",
      method =
          "execute(org.apache.http.conn.routing.HttpRoute,"
              + "org.apache.http.client.methods.HttpRequestWrapper,"
              + "org.apache.http.client.protocol.HttpClientContext,"
              + "org.apache.http.client.methods.HttpExecutionAware)")
  public static final class Redirected {
    private Redirected() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.Argument(0) HttpRoute route, @Advice.Argument(1) HttpRequest request) {
      connecting(route, request);
    }
  }

  /** The answer to a challenge after which the server closed the connection. */
  @Weave(
      type = "org.apache.http.impl.execchain.MainClientExec",
      method =
          "establishRoute(org.apache.http.auth.AuthState,org.apache.http.HttpClientConnection,"
              + "org.apache.http.conn.routing.HttpRoute,org.apache.http.HttpRequest,"
              + "org.apache.http.client.protocol.HttpClientContext)")
  public static final class Challenged {
    private Challenged() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.Argument(2) HttpRoute route, @Advice.Argument(3) HttpRequest request) {
      connecting(route, request);
    }
  }

  static void connecting(@Nullable HttpRoute route, HttpRequest request) {
    HttpCall call = route == null ? null : HttpCall.current();
    if (call != null && route != null && call.connecting(request.getRequestLine().getMethod())) {
      Messages.describe(call.span(), route.getTargetHost(), null, request);
    }
  }
}
