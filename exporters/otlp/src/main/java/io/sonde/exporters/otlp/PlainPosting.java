package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Posts batches over plain HTTP/1.1, on the thread that calls and on a connection that is used
 * again, with the retries that OpenTelemetry's senders make.
 *
 * <p>Most receivers are next door and need no more, and OkHttp with Kotlin is most of what an agent
 * loads. TLS, gRPC and proxies are left to that.
 */
final class PlainPosting {
  /** A receiver, or what is between, may have forgotten a connection that was idle for longer. */
  static final long LONGEST_IDLE_NANOS = 50_000_000_000L;

  private static final int REQUEST_TIMEOUT = 408;

  private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

  private final Target target;
  private final Retries retries;
  private final byte[] head;
  private @Nullable PlainConnection kept;
  private long keptSince;

  PlainPosting(Target target, Retries retries, String version) {
    this.target = target;
    this.retries = retries;
    head = head(target, version).getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether nothing but TCP is between here and the target. */
  static boolean fits(Target target) {
    if (!target.plain) {
      return false;
    }
    try {
      ProxySelector selector = ProxySelector.getDefault();
      List<Proxy> proxies = selector == null ? null : selector.select(URI.create(target.url()));
      return proxies == null
          || proxies.isEmpty()
          || proxies.get(0) == null
          || proxies.get(0).type() == Proxy.Type.DIRECT;
    } catch (RuntimeException e) {
      return false; // The application's own selector, or a URL that is none to java.net.URI.
    }
  }

  private static String head(Target target, String version) {
    StringBuilder head = new StringBuilder("POST ");
    head.append(target.path()).append(" HTTP/1.1\r\nHost: ");
    String host = target.headers.get("host");
    head.append(host == null ? target.authority() : host);
    if (!target.headers.containsKey("user-agent")) {
      head.append("\r\nUser-Agent: ").append(Connection.userAgent(version));
    }
    for (Map.Entry<String, String> header : target.headers.entrySet()) {
      if (!own(header.getKey(), target.gzip)) {
        head.append("\r\n").append(header.getKey()).append(": ").append(header.getValue());
      }
    }
    if (target.gzip) {
      head.append("\r\nContent-Encoding: gzip");
    }
    return head.append("\r\nContent-Type: ")
        .append(Connection.CONTENT_TYPE)
        .append("\r\nContent-Length: ")
        .toString();
  }

  /** Whether it is said here, once: what frames a message is not configured. */
  private static boolean own(String header, boolean gzip) {
    switch (header) {
      case "host":
      case "connection":
      case "content-length":
      case "content-type":
      case "transfer-encoding":
        return true;
      default:
        return gzip && header.equals("content-encoding");
    }
  }

  /** Sends it, several times if need be, and returns the last answer. */
  Answer post(MessageWriter message) throws IOException {
    MessageWriter body = target.gzip ? new Compressed(message) : message;
    Retries.Exchange<Answer> exchange =
        new Retries.Exchange<Answer>() { // No lambda: it would be the first one in many a JVM.
          @Override
          public Answer attempt(long nanos) throws IOException {
            return exchange(body, System.nanoTime() + nanos);
          }
        };
    return retries.make(exchange, target.timeoutMillis);
  }

  /** Closes a connection that has been idle for too long, or that the receiver has closed. */
  void rest() {
    PlainConnection idle = kept;
    if (idle != null && !serves(idle)) {
      close();
    }
  }

  private boolean serves(PlainConnection again) {
    return retries.time.nanos() - keptSince < LONGEST_IDLE_NANOS && again.isOpen();
  }

  /** Keeps no connection until the next request. */
  void close() {
    PlainConnection idle = kept;
    kept = null;
    if (idle != null) {
      idle.close();
    }
  }

  private Answer exchange(MessageWriter body, long deadline) throws IOException {
    // An interrupt was for a wait that is over, and would close what it meets.
    Thread.interrupted();
    PlainConnection again = kept;
    kept = null;
    if (again != null) {
      if (serves(again)) {
        try {
          Answer answer = exchange(again, body, deadline);
          if (answer.getStatusCode() != REQUEST_TIMEOUT) {
            return answer;
          }
          // The receiver gave up waiting while the request was on its way.
          kept = null;
          again.close();
        } catch (InterruptedIOException e) {
          throw e;
        } catch (IOException e) {
          if (again.isAnswered()) {
            throw e;
          }
          // Closed by the receiver while the request was on its way: not this one's fault.
        }
      } else {
        again.close();
      }
    }
    return exchange(PlainConnection.open(target.host, target.port, deadline), body, deadline);
  }

  private Answer exchange(PlainConnection to, MessageWriter body, long deadline)
      throws IOException {
    boolean keeps = false;
    try {
      to.until(deadline);
      IOException unwritten = write(body, to);
      AnswerReader reader = new AnswerReader(to);
      Answer answer;
      try {
        answer = reader.read();
      } catch (IOException e) {
        throw unwritten == null ? e : unwritten;
      }
      keeps = unwritten == null && reader.keepsConnection();
      return answer;
    } finally {
      if (keeps) {
        kept = to;
        keptSince = retries.time.nanos();
      } else {
        to.close();
      }
    }
  }

  /**
   * Null where all is written, else what kept it from that: a receiver that does not want the rest
   * may have said why before it closed.
   */
  private @Nullable IOException write(MessageWriter body, PlainConnection to)
      throws InterruptedIOException {
    try {
      to.write(head);
      to.write(String.valueOf(body.getContentLength()).getBytes(StandardCharsets.US_ASCII));
      to.write(END_OF_HEAD);
      body.writeMessage(to);
      to.flush();
      return null;
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return e;
    }
  }

  /** A body that had to be compressed before its length was known. */
  private static final class Compressed implements MessageWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Compressed(MessageWriter message) throws IOException {
      try (OutputStream to = new GZIPOutputStream(bytes)) {
        message.writeMessage(to);
      }
    }

    @Override
    public void writeMessage(OutputStream to) throws IOException {
      bytes.writeTo(to);
    }

    @Override
    public int getContentLength() {
      return bytes.size();
    }
  }
}
