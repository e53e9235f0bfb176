package io.sonde.instrumentation.tomcat;

import io.sonde.core.Attached;
import io.sonde.core.Headers;
import io.sonde.core.HttpVersion;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import java.nio.charset.StandardCharsets;
import net.bytebuddy.asm.Advice;
import org.apache.catalina.connector.CoyoteAdapter;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/** Server spans for Tomcat 8.5 to 11. */
public final class TomcatServer {
  static final Attached<ServerSpan> SPANS = new Attached<>();

  private static final RecentTexts HOSTS = new RecentTexts();
  private static final RecentTexts AGENTS = new RecentTexts();
  private static final RecentTexts PATHS = new RecentTexts();

  private static final Headers<Request> HEADERS =
      new Headers<Request>() {
        @Override
        public @Nullable String get(Request request, String name) {
          MessageBytes value = request.getMimeHeaders().getValue(name);
          if (name.equals("Host")) {
            return value == null ? authority(request) : HOSTS.text(value);
          }
          return value == null
              ? null
              : name.equals("User-Agent") ? AGENTS.text(value) : text(value);
        }

        @Override
        public @Nullable String all(Request request, String name) {
          MimeHeaders headers = request.getMimeHeaders();
          int first = headers.findHeader(name, 0);
          int next = first < 0 ? -1 : headers.findHeader(name, first + 1);
          if (next < 0) {
            return get(request, name);
          }
          StringBuilder all = new StringBuilder().append(headers.getValue(first));
          for (; next >= 0; next = headers.findHeader(name, next + 1)) {
            all.append(',').append(headers.getValue(next));
          }
          return all.toString();
        }

        /** HTTP/2 has no Host header, and not every version of Tomcat makes one up. */
        private @Nullable String authority(Request request) {
          String host = request.serverName().toString();
          int port = request.getServerPort();
          return host == null || port <= 0 ? host : host + ':' + port;
        }
      };

  private TomcatServer() {}

  /** A request begins, and ends here too unless it became asynchronous. */
  @Weave(
      type = "org.apache.catalina.connector.CoyoteAdapter",
      method = "service(org.apache.coyote.Request,org.apache.coyote.Response)")
  public static final class Service {
    private Service() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.Argument(0) Request request) {
      ServerSpan span = ServerSpan.start(request, HEADERS, request.method().toString());
      if (span != null) {
        SPANS.set(request, span);
      }
      return span;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Argument(0) Request request,
        @Advice.Argument(1) Response response,
        @Advice.Enter @Nullable ServerSpan span,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (span != null) {
        span.exit();
        if (thrown != null || !isAsync(request)) {
          end(request, response, thrown);
        }
      }
    }
  }

  /**
   * The request line and the headers are understood, and the connector has said which scheme it
   * stands for.
   */
  @Weave(
      type = "org.apache.catalina.connector.CoyoteAdapter",
      method =
          "postParseRequest(org.apache.coyote.Request,org.apache.catalina.connector.Request,"
              + "org.apache.coyote.Response,org.apache.catalina.connector.Response)")
  public static final class Parsed {
    private Parsed() {}

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(@Advice.Argument(0) Request request) {
      ServerSpan span = SPANS.get(request);
      if (span == null) {
        return;
      }
      String scheme = "https".equals(request.scheme().toString()) ? "https" : "http";
      span.httpVersion(HttpVersion.of(request.protocol().toString()));
      if (!span.exported()) {
        span.origin(request, HEADERS, scheme, null, 0);
        return;
      }
      request.action(ActionCode.REQ_HOST_ADDR_ATTRIBUTE, request);
      request.action(ActionCode.REQ_REMOTEPORT_ATTRIBUTE, request);
      span.origin(
          request, HEADERS, scheme, request.remoteAddr().toString(), request.getRemotePort());
      span.target(PATHS.text(request.requestURI()), text(request.queryString()));
    }
  }

  /**
   * An asynchronous request goes on: dispatched, timed out, failed, or ready to be read or written.
   */
  @Weave(
      type = "org.apache.catalina.connector.CoyoteAdapter",
      method =
          "asyncDispatch(org.apache.coyote.Request,org.apache.coyote.Response,"
              + "org.apache.tomcat.util.net.SocketEvent)")
  public static final class AsyncDispatch {
    private AsyncDispatch() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable ServerSpan enter(@Advice.Argument(0) Request request) {
      ServerSpan span = SPANS.get(request);
      return span != null && span.resume() ? span : null;
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Argument(0) Request request,
        @Advice.Argument(1) Response response,
        @Advice.Enter @Nullable ServerSpan span,
        @Advice.Return boolean success,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (span != null) {
        span.exit();
        if (!success || !isAsync(request)) {
          end(request, response, thrown);
        }
      }
    }
  }

  /** The request object is made ready for the next request; what did not end by then never will. */
  @Weave(type = "org.apache.coyote.Request", method = "recycle()", state = true)
  public static final class Recycle {
    private Recycle() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.This Request request) {
      ServerSpan span = SPANS.remove(request);
      if (span != null) {
        span.end();
      }
    }
  }

  private static void end(Request request, Response response, @Nullable Throwable thrown) {
    ServerSpan span = SPANS.remove(request);
    if (span != null) {
      if (span.status() == 0) {
        span.status(response.getStatus());
      }
      span.end(thrown);
    }
  }

  /** The servlet container's request is recycled by now unless it is asynchronous. */
  private static boolean isAsync(Request request) {
    Object note = request.getNote(CoyoteAdapter.ADAPTER_NOTES);
    return note != null && ((org.apache.catalina.connector.Request) note).isAsync();
  }

  /**
   * The text of bytes that Tomcat has yet to decode: {@code toString} of some versions would count
   * as decoded.
   */
  static @Nullable String text(MessageBytes value) {
    if (value.getType() != MessageBytes.T_BYTES) {
      return value.toString();
    }
    ByteChunk chunk = value.getByteChunk();
    byte[] bytes = chunk.getBytes();
    // What toString makes of them, without a decoder's buffer in between.
    return bytes != null && StandardCharsets.ISO_8859_1.equals(chunk.getCharset())
        ? new String(bytes, chunk.getStart(), chunk.getLength(), StandardCharsets.ISO_8859_1)
        : chunk.toString();
  }
}
