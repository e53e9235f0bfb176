package io.sonde.instrumentation.jdk.httpserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import io.sonde.core.Attached;
import io.sonde.core.HttpVersion;
import io.sonde.core.Names;
import io.sonde.core.ServerSpan;
import io.sonde.core.Tracing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * One exchange: it is over when the response is written and the handler has returned. Its span is
 * all that is kept of it.
 */
final class Call {
  /** By the server's own object behind the exchange, whose class is not accessible. */
  static final Attached<ServerSpan> CALLS = new Attached<>();

  private Call() {}

  /**
   * @param read the request's headers as they were read, which handlers see through another object
   */
  static @Nullable ServerSpan start(
      HttpExchange exchange, Object internal, @Nullable Headers read) {
    if (!Tracing.on()) {
      return null;
    }
    RequestHeaders headers = RequestHeaders.of(read != null ? read : exchange.getRequestHeaders());
    ServerSpan span = ServerSpan.start(headers, RequestHeaders.READ, exchange.getRequestMethod());
    if (span != null) {
      CALLS.set(internal, span);
      try {
        describe(span, headers, exchange);
      } catch (RuntimeException e) {
        // The request is traced without what could not be read.
      }
    }
    headers.release();
    return span;
  }

  private static void describe(ServerSpan span, RequestHeaders headers, HttpExchange exchange) {
    String path = exchange.getHttpContext().getPath();
    span.route("/".equals(path) ? null : path, 1);
    InetSocketAddress peer = span.exported() ? exchange.getRemoteAddress() : null;
    InetAddress address = peer == null ? null : peer.getAddress();
    span.origin(
        headers,
        RequestHeaders.READ,
        exchange instanceof HttpsExchange ? "https" : "http",
        address == null ? null : address.getHostAddress(),
        peer == null ? 0 : peer.getPort());
    if (span.exported()) {
      URI uri = exchange.getRequestURI();
      span.target(uri.getRawPath(), uri.getRawQuery());
      // Each call makes a new text: not for metrics, which have every request.
      span.set(Names.NETWORK_PROTOCOL_VERSION, HttpVersion.of(exchange.getProtocol()));
    }
    String timing = span.serverTiming();
    if (timing != null) {
      exchange.getResponseHeaders().add("Server-Timing", timing);
      exchange.getResponseHeaders().add("Access-Control-Expose-Headers", "Server-Timing");
    }
  }

  /** The status that goes out; the first one that is no interim response. */
  static void status(ServerSpan span, int code) {
    if (code >= 200 && span.status() == 0) {
      span.status(code);
    }
  }

  /** The response is complete, or the connection given up. */
  static void written(ServerSpan span) {
    if (span.secondEnd()) {
      span.end();
    }
  }

  /** The handler has returned on the thread that it was called on. */
  static void handled(ServerSpan span, @Nullable Throwable thrown) {
    span.exit();
    if (span.secondEnd() || thrown != null) {
      span.end(thrown);
    }
  }
}
