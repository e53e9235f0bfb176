package io.sonde.instrumentation.undertow;

import io.sonde.core.Attached;
import io.sonde.core.Headers;
import io.sonde.core.Hop;
import io.sonde.core.HttpVersion;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import io.undertow.server.DefaultResponseListener;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Server spans for Undertow 1.4 to 2.3. */
public final class UndertowServer {
  static final Attached<ServerSpan> SPANS = new Attached<>();

  private static final Headers<HttpServerExchange> HEADERS =
      new Headers<HttpServerExchange>() {
        @Override
        public @Nullable String get(HttpServerExchange exchange, String name) {
          String value = exchange.getRequestHeaders().getFirst(name);
          return value == null && name.equals("Host") ? authority(exchange) : value;
        }

        /** HTTP/2 has no Host header. */
        private @Nullable String authority(HttpServerExchange exchange) {
          String host = exchange.getHostName();
          int port = exchange.getHostPort();
          return host == null || port <= 0 ? host : host + ':' + port;
        }
      };

  private UndertowServer() {}

  /** A request begins, or goes on after it was dispatched to a worker. */
  @Weave(
      type = "io.undertow.server.Connectors",
      method =
          "executeRootHandler(io.undertow.server.HttpHandler,io.undertow.server.HttpServerExchange)")
  public static final class Execute {
    private Execute() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.Argument(1) HttpServerExchange exchange) {
      ServerSpan span = SPANS.get(exchange);
      if (span != null) {
        return span.resume() ? span : null;
      }
      if (exchange.isResponseStarted() || exchange.isComplete()) {
        return null;
      }
      span = ServerSpan.start(exchange, HEADERS, exchange.getRequestMethod().toString());
      if (span != null) {
        SPANS.set(exchange, span);
        describe(span, exchange);
        String timing = span.serverTiming();
        if (timing != null) {
          exchange.getResponseHeaders().add(new HttpString("Server-Timing"), timing);
          exchange
              .getResponseHeaders()
              .add(new HttpString("Access-Control-Expose-Headers"), "Server-Timing");
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
  }

  /** Request and response are complete; the connection may serve the next request from in here. */
  @Weave(
      type = "io.undertow.server.HttpServerExchange",
      method = "invokeExchangeCompleteListeners()",
      state = true)
  public static final class End {
    private End() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This HttpServerExchange exchange) {
      ServerSpan span = SPANS.remove(exchange);
      if (span != null) {
        span.status(exchange.getStatusCode());
        span.error(exchange.getAttachment(DefaultResponseListener.EXCEPTION));
        if (!exchange.getConnection().isOpen()) {
          // The client left; what the handler makes of it comes after the end of the exchange.
          span.error(new ClosedChannelException());
        }
        span.end();
      }
    }
  }

  /** A task of the request is dispatched to another thread. */
  @Weave(
      type = "io.undertow.server.HttpServerExchange",
      method = "dispatch(java.util.concurrent.Executor,java.lang.Runnable)")
  public static final class Dispatch {
    private Dispatch() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static Runnable enter(@Advice.Argument(1) Runnable task) {
      return Hop.wrap(task);
    }
  }

  private static void describe(ServerSpan span, HttpServerExchange exchange) {
    String scheme = "https".equals(exchange.getRequestScheme()) ? "https" : "http";
    span.httpVersion(HttpVersion.of(exchange.getProtocol().toString()));
    if (!span.exported()) {
      span.origin(exchange, HEADERS, scheme, null, 0);
      return;
    }
    Object remote = exchange.getConnection().getPeerAddress();
    InetSocketAddress peer =
        remote instanceof InetSocketAddress ? (InetSocketAddress) remote : null;
    InetAddress address = peer == null ? null : peer.getAddress();
    span.origin(
        exchange,
        HEADERS,
        scheme,
        address == null ? null : address.getHostAddress(),
        peer == null ? 0 : peer.getPort());
    String query = exchange.getQueryString();
    span.target(exchange.getRequestURI(), query == null || query.isEmpty() ? null : query);
  }
}
