package io.sonde.instrumentation.jdk.httpserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.sonde.core.HttpVersion;
import io.sonde.core.Names;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Server spans for requests that com.sun.net.httpserver answers itself before there is an exchange:
 * 404 where no context is for the path, 400 where the headers are no good.
 */
public final class Rejected {
  private static final String EXCHANGE = "sun.net.httpserver.ServerImpl$Exchange";

  /** The headers of the request that this thread has read and not handed to a handler. */
  private static final ThreadLocal<Rejected> READ = new ThreadLocal<>();

  private @Nullable Headers headers;

  /** What handlers will see of the request, and the server's own object behind it. */
  private @Nullable Object exchange;

  private @Nullable Object internal;

  private Rejected() {}

  private static Rejected here() {
    Rejected read = READ.get();
    if (read == null) {
      READ.set(read = new Rejected());
    }
    return read;
  }

  static void keep(@Nullable Headers headers) {
    here().headers = headers;
  }

  static void made(Object exchange, Object internal) {
    Rejected read = here();
    read.exchange = exchange;
    read.internal = internal;
  }

  /** Starts the span of the exchange where it is new, else returns null. */
  static @Nullable ServerSpan handOver(HttpExchange exchange) {
    Rejected read = READ.get();
    if (read == null || read.exchange != exchange) {
      return null;
    }
    Object internal = read.internal;
    Headers headers = take();
    return internal == null ? null : Call.start(exchange, internal, headers);
  }

  static @Nullable Headers take() {
    Rejected read = READ.get();
    if (read == null) {
      return null;
    }
    Headers headers = read.headers;
    read.headers = null;
    read.exchange = null;
    read.internal = null;
    return headers;
  }

  /** The headers of a request are read. */
  @Weave(type = "sun.net.httpserver.Request", method = "headers()")
  public static final class Read {
    private Read() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.Return Headers headers) {
      keep(headers);
    }
  }

  /** The thread is done with the request. */
  @Weave(type = EXCHANGE, method = "run()")
  public static final class Done {
    private Done() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit() {
      take();
    }
  }

  /** The server answers. */
  @Weave(type = EXCHANGE, method = "reject(int,java.lang.String,java.lang.String)")
  public static final class Reject {
    private Reject() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(
        @Advice.Argument(0) int status, @Advice.Argument(1) @Nullable String requestLine) {
      Headers headers = take();
      String[] request = requestLine == null ? new String[0] : requestLine.split(" ");
      if (headers == null || request.length != 3) {
        return null;
      }
      RequestHeaders noted = RequestHeaders.of(headers);
      ServerSpan span = ServerSpan.start(noted, RequestHeaders.READ, request[0]);
      if (span != null) {
        int query = request[1].indexOf('?');
        span.origin(noted, RequestHeaders.READ, "http", null, 0);
        span.target(
            query < 0 ? request[1] : request[1].substring(0, query),
            query < 0 ? null : request[1].substring(query + 1));
        span.set(Names.NETWORK_PROTOCOL_VERSION, HttpVersion.of(request[2]));
        span.status(status);
      }
      noted.release();
      return span;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Enter @Nullable ServerSpan span) {
      if (span != null) {
        span.exit();
        span.end();
      }
    }
  }
}
