package io.sonde.instrumentation.jdk.urlconnection;

import io.sonde.core.Attached;
import io.sonde.core.ClientSpan;
import io.sonde.core.HeaderSink;
import io.sonde.core.Names;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/**
 * The one request of a connection. The JDK calls its own methods again while it follows redirects
 * and answers challenges; only the outermost call counts.
 */
public final class Request {
  private static final Attached<Request> REQUESTS = new Attached<>();
  private static final HeaderSink<HttpURLConnection> WRITE = new Properties();

  private final @Nullable ClientSpan span;
  private boolean inside;

  private Request(@Nullable ClientSpan span) {
    this.span = span;
  }

  /** Returns the connection's request where the call is an outermost one that the span covers. */
  static @Nullable Request enter(HttpURLConnection connection, boolean sends) {
    Request request = REQUESTS.get(connection);
    if (request == null) {
      request = start(connection, sends);
      REQUESTS.set(connection, request);
    }
    ClientSpan span = request.span;
    if (span == null || span.isEnded() || request.inside) {
      return null;
    }
    request.inside = true;
    span.enter();
    return request;
  }

  private static Request start(HttpURLConnection connection, boolean sends) {
    String method = connection.getRequestMethod();
    ClientSpan span = ClientSpan.start(sends && method.equals("GET") ? "POST" : method);
    if (span != null) {
      URL url = connection.getURL();
      span.address(url.getProtocol(), url.getHost(), url.getPort());
      if (span.exported()) {
        span.url(url.toString());
      }
      try {
        span.inject(connection, WRITE);
      } catch (IllegalStateException e) {
        // It is connected already: it was before the agent came.
      }
    }
    return new Request(span);
  }

  /** A call that ends before there is a response. */
  void exit(@Nullable Throwable thrown) {
    leave();
    if (thrown != null && span != null && !(thrown instanceof ProtocolException)) {
      span.end(thrown);
    }
  }

  /** The response's headers are there, or there will be none. */
  void responded(HttpURLConnection connection, @Nullable Throwable thrown) {
    int status = -1;
    if (span != null && (thrown == null || thrown instanceof IOException)) {
      try {
        status = connection.getResponseCode();
        if (status > 0 && status < 400) {
          span.httpVersion(version(connection.getHeaderField(0)));
        } else if (status > 0 && span.exported()) {
          // To ask makes the JDK throw once more: not for metrics, which have every request.
          span.set(Names.NETWORK_PROTOCOL_VERSION, version(connection.getHeaderField(0)));
        }
      } catch (IOException e) {
        // The same as was thrown: there is no response.
      }
    }
    leave();
    if (span != null && !(status < 0 && thrown instanceof ProtocolException)) {
      span.status(status);
      span.end(status >= 400 ? null : thrown);
    }
  }

  /** Of a status line. */
  private static @Nullable String version(@Nullable String line) {
    if (line == null || !line.startsWith("HTTP/1.")) {
      return null;
    }
    return line.startsWith("1", 7) ? "1.1" : line.startsWith("0", 7) ? "1.0" : null;
  }

  private void leave() {
    if (span != null) {
      span.leave();
    }
    inside = false;
  }

  private static final class Properties implements HeaderSink<HttpURLConnection> {
    Properties() {}

    @Override
    public void set(HttpURLConnection connection, String name, String value) {
      connection.setRequestProperty(name, value);
    }
  }
}
