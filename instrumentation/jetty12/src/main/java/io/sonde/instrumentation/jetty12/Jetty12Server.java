package io.sonde.instrumentation.jetty12;

import io.sonde.core.Headers;
import io.sonde.core.HttpVersion;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** Server spans for Jetty 12.0 and 12.1. */
@Weave(
    type = "org.eclipse.jetty.server.Server",
    method =
        "handle(org.eclipse.jetty.server.Request,org.eclipse.jetty.server.Response,"
            + "org.eclipse.jetty.util.Callback)")
public final class Jetty12Server {
  private static final Headers<Request> HEADERS =
      new Headers<Request>() {
        @Override
        public @Nullable String get(Request request, String name) {
          String value = request.getHeaders().get(name);
          return value == null && name.equals("Host") ? authority(request) : value;
        }

        /** HTTP/2 has no Host header. */
        private @Nullable String authority(Request request) {
          String host = Request.getServerName(request);
          int port = Request.getServerPort(request);
          return host == null || port <= 0 ? host : host + ':' + port;
        }
      };

  private Jetty12Server() {}

  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static @Nullable ServerSpan enter(
      @Advice.Argument(0) Request request, @Advice.Argument(1) Response response) {
    ServerSpan span = ServerSpan.start(request, HEADERS, request.getMethod());
    if (span != null) {
      request.addHttpStreamWrapper(new SpanStream.Wrapping(span, response));
      describe(span, request);
      String timing = span.serverTiming();
      if (timing != null) {
        response.getHeaders().add("Server-Timing", timing);
        response.getHeaders().add("Access-Control-Expose-Headers", "Server-Timing");
      }
    }
    return span;
  }

  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void exit(
      @Advice.Enter @Nullable ServerSpan span, @Advice.Thrown @Nullable Throwable thrown) {
    if (span != null) {
      span.error(thrown);
      span.exit();
    }
  }

  private static void describe(ServerSpan span, Request request) {
    String scheme = "https".equals(request.getHttpURI().getScheme()) ? "https" : "http";
    span.httpVersion(HttpVersion.of(request.getConnectionMetaData().getHttpVersion().asString()));
    if (!span.exported()) {
      span.origin(request, HEADERS, scheme, null, 0);
      return;
    }
    SocketAddress remote =
        request.getConnectionMetaData().getConnection().getEndPoint().getRemoteSocketAddress();
    InetSocketAddress peer =
        remote instanceof InetSocketAddress ? (InetSocketAddress) remote : null;
    InetAddress address = peer == null ? null : peer.getAddress();
    span.origin(
        request,
        HEADERS,
        scheme,
        address == null ? null : address.getHostAddress(),
        peer == null ? 0 : peer.getPort());
    span.target(request.getHttpURI().getPath(), request.getHttpURI().getQuery());
  }
}
