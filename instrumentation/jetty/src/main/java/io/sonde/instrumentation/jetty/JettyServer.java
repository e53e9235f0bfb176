package io.sonde.instrumentation.jetty;

import io.sonde.core.Attached;
import io.sonde.core.Headers;
import io.sonde.core.HttpVersion;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import javax.servlet.ServletException;
import net.bytebuddy.asm.Advice;
import org.eclipse.jetty.server.HttpChannel;
import org.eclipse.jetty.server.HttpChannelState;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/** Server spans for Jetty 9.4 to 11. */
public final class JettyServer {
  private static final Attached<ServerSpan> SPANS = new Attached<>();

  private static final Headers<Request> HEADERS =
      new Headers<Request>() {
        @Override
        public @Nullable String get(Request request, String name) {
          String value = request.getHeader(name);
          return value == null && name.equals("Host") ? authority(request) : value;
        }

        /** HTTP/2 has no Host header. */
        private @Nullable String authority(Request request) {
          String host = request.getServerName();
          int port = request.getServerPort();
          return host == null || port <= 0 ? host : host + ':' + port;
        }
      };

  private JettyServer() {}

  /** A request begins; Jetty 9.4 comes here for error pages too. */
  @Weave(
      type = "org.eclipse.jetty.server.Server",
      method = "handle(org.eclipse.jetty.server.HttpChannel)")
  public static final class Begin {
    private Begin() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.Argument(0) HttpChannel channel) {
      ServerSpan span = SPANS.get(channel);
      if (span != null) {
        return span.resume() ? span : null;
      }
      Request request = channel.getRequest();
      span = ServerSpan.start(request, HEADERS, request.getMethod());
      if (span != null) {
        SPANS.set(channel, span);
        describe(span, channel, request);
        String timing = span.serverTiming();
        if (timing != null) {
          channel.getResponse().addHeader("Server-Timing", timing);
          channel.getResponse().addHeader("Access-Control-Expose-Headers", "Server-Timing");
        }
      }
      return span;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable ServerSpan span, @Advice.Thrown @Nullable Throwable thrown) {
      if (span != null) {
        span.error(cause(thrown));
        span.exit();
      }
    }
  }

  /**
   * The request goes on: asynchronously dispatched, timed out, failed, ready to be read or written.
   */
  @Weave(
      type = "org.eclipse.jetty.server.HttpChannel",
      method = {
        "handle()",
        "dispatch(javax.servlet.DispatcherType,org.eclipse.jetty.server.HttpChannel$Dispatchable)"
      },
      state = true)
  public static final class Resume {
    private Resume() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.This HttpChannel channel) {
      ServerSpan span = SPANS.get(channel);
      return span != null && span.resume() ? span : null;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Enter @Nullable ServerSpan span) {
      if (span != null) {
        span.exit();
      }
    }
  }

  /**
   * The listeners of a time-out are told, which the first versions of Jetty 9.4 do by a thread of
   * the scheduler.
   */
  @Weave(type = "org.eclipse.jetty.server.HttpChannelState", method = "onTimeout()")
  public static final class TimedOut {
    private TimedOut() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.This HttpChannelState state) {
      return Resume.enter(state.getHttpChannel());
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Enter @Nullable ServerSpan span) {
      Resume.exit(span);
    }
  }

  /**
   * Something was thrown and Jetty makes an error page of it, or the connection is given up: the
   * client left, which an asynchronous request may keep to itself.
   */
  @Weave(
      type = "org.eclipse.jetty.server.HttpChannel",
      method = {"handleException(java.lang.Throwable)", "abort(java.lang.Throwable)"})
  public static final class Failed {
    private Failed() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This HttpChannel channel, @Advice.Argument(0) @Nullable Throwable thrown) {
      ServerSpan span = SPANS.get(channel);
      if (span != null) {
        span.error(cause(thrown));
      }
    }
  }

  /** Request and response are complete; the channel may serve the next request from in here. */
  @Weave(
      type = "org.eclipse.jetty.server.HttpChannel",
      method = {"onCompleted()", "recycle()"})
  public static final class End {
    private End() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This HttpChannel channel) {
      ServerSpan span = SPANS.remove(channel);
      if (span != null) {
        span.status(channel.getResponse().getStatus());
        span.end();
        span.exit();
      }
    }
  }

  private static void describe(ServerSpan span, HttpChannel channel, Request request) {
    String scheme = "https".equals(request.getScheme()) ? "https" : "http";
    span.httpVersion(HttpVersion.of(request.getProtocol()));
    if (!span.exported()) {
      span.origin(request, HEADERS, scheme, null, 0);
      return;
    }
    InetSocketAddress peer = channel.getRemoteAddress();
    InetAddress address = peer == null ? null : peer.getAddress();
    span.origin(
        request,
        HEADERS,
        scheme,
        address == null ? null : address.getHostAddress(),
        peer == null ? 0 : peer.getPort());
    span.target(request.getRequestURI(), request.getQueryString());
  }

  private static @Nullable Throwable cause(@Nullable Throwable thrown) {
    Throwable root =
        thrown instanceof ServletException ? ((ServletException) thrown).getRootCause() : null;
    return root == null ? thrown : root;
  }
}
