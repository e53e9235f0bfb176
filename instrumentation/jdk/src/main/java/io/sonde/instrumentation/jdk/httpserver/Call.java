package io.sonde.instrumentation.jdk.httpserver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.sonde.core.Attached;
import io.sonde.core.Names;
import io.sonde.core.ServerSpan;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** One exchange: it is over when the response is written and the handler has returned. */
public final class Call {
  /** By the server's own object behind the exchange, whose class is not accessible. */
  static final Attached<Call> CALLS = new Attached<>();

  private final ServerSpan span;
  private boolean handling = true;
  private boolean written;

  private Call(ServerSpan span) {
    this.span = span;
  }

  static @Nullable Call start(HttpExchange exchange, Object internal) {
    ServerSpan span =
        ServerSpan.start(
            exchange.getRequestHeaders(), RequestHeaders.READ, exchange.getRequestMethod());
    if (span == null) {
      return null;
    }
    Call call = new Call(span);
    CALLS.set(internal, call);
    try {
      describe(span, exchange);
    } catch (RuntimeException e) {
      // The request is traced without what could not be read.
    }
    return call;
  }

  private static void describe(ServerSpan span, HttpExchange exchange) {
    String path = exchange.getHttpContext().getPath();
    span.route("/".equals(path) ? null : path, 1);
    InetSocketAddress peer = span.exported() ? exchange.getRemoteAddress() : null;
    InetAddress address = peer == null ? null : peer.getAddress();
    span.origin(
        exchange.getRequestHeaders(),
        RequestHeaders.READ,
        exchange instanceof HttpsExchange ? "https" : "http",
        address == null ? null : address.getHostAddress(),
        peer == null ? 0 : peer.getPort());
    if (span.exported()) {
      URI uri = exchange.getRequestURI();
      span.target(uri.getRawPath(), uri.getRawQuery());
      span.set(Names.NETWORK_PROTOCOL_VERSION, version(exchange.getProtocol()));
    }
    String timing = span.serverTiming();
    if (timing != null) {
      exchange.getResponseHeaders().add("Server-Timing", timing);
      exchange.getResponseHeaders().add("Access-Control-Expose-Headers", "Server-Timing");
    }
  }

  /** 1.1 of HTTP/1.1. */
  static String version(String protocol) {
    return protocol.equals("HTTP/1.1")
        ? "1.1"
        : protocol.startsWith("HTTP/") ? protocol.substring(5) : protocol;
  }

  /** The status that goes out; the first one that is no interim response. */
  synchronized void status(int code) {
    if (code >= 200 && span.status() == 0) {
      span.status(code);
    }
  }

  /** The response is complete, or the connection given up. */
  synchronized void written() {
    written = true;
    if (!handling) {
      span.end();
    }
  }

  /** The handler has returned on the thread that it was called on. */
  synchronized void handled(@Nullable Throwable thrown) {
    span.exit();
    handling = false;
    if (written || thrown != null) {
      span.end(thrown);
    }
  }
}
