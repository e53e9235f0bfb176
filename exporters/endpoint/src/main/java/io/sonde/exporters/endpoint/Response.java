package io.sonde.exporters.endpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request; the connection is closed after it.
 *
 * <p>The body is sent as it is written, in chunks, so that no page is held in memory as a whole and
 * a client sees where an answer broke off.
 */
public final class Response {
  private static final int CHUNK = 16 * 1024;

  private final Request request;
  private final OutputStream socket;
  private @Nullable OutputStream body;
  private final @Nullable Socket client;
  private boolean begun;

  Response(Request request, OutputStream socket, @Nullable Socket client) {
    this.request = request;
    this.socket = socket;
    this.client = client;
  }

  /**
   * Whether the client has closed the connection while it waits for the answer; through TLS nobody
   * can tell.
   */
  public boolean isGone() {
    Socket from = client;
    if (from == null || begun) {
      return false;
    }
    try {
      from.setSoTimeout(1);
      return from.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** A whole answer in a line of text. */
  public void text(int status, String line) throws IOException {
    text(status, "", line);
  }

  /** The same with further headers, each with its end of line. */
  public void text(int status, String headers, String line) throws IOException {
    begun = true;
    send(socket, status, request.method().equals("HEAD"), headers, line + '\n');
  }

  /** A whole answer, which is compressed already. */
  public void bytes(String contentType, byte[] body) throws IOException {
    begun = true;
    socket.write(
        ascii(
            "HTTP/1.1 200 OK\r\nContent-Type: "
                + contentType
                + "\r\nX-Content-Type-Options: nosniff\r\nContent-Length: "
                + body.length
                + "\r\nConnection: close\r\n\r\n"));
    if (!request.method().equals("HEAD")) {
      socket.write(body);
    }
  }

  /** Begins an answer with status 200 whose body follows, compressed where the client wants it. */
  public OutputStream begin(String contentType) throws IOException {
    begun = true;
    boolean gzip = gzip(request.header("accept-encoding"));
    boolean chunked = request.http11();
    socket.write(
        ascii(
            "HTTP/1.1 200 OK\r\nContent-Type: "
                + contentType
                + "\r\nVary: Accept, Accept-Encoding\r\nConnection: close\r\n"
                + (gzip ? "Content-Encoding: gzip\r\n" : "")
                + (chunked ? "Transfer-Encoding: chunked\r\n" : "")
                + "\r\n"));
    boolean empty = request.method().equals("HEAD");
    OutputStream out = new Body(socket, chunked, empty);
    return body = gzip && !empty ? new Gzip(out) : out;
  }

  boolean begun() {
    return begun;
  }

  void end() throws IOException {
    OutputStream out = body;
    if (out != null) {
      out.close();
    }
    socket.flush();
  }

  static void send(OutputStream to, int status, boolean head, String headers, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    to.write(
        ascii(
            "HTTP/1.1 "
                + status
                + ' '
                + reason(status)
                + "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: "
                + bytes.length
                + "\r\nConnection: close\r\n"
                + headers
                + "\r\n"));
    if (!head) {
      to.write(bytes);
    }
    to.flush();
  }

  static String reason(int status) {
    switch (status) {
      case 200:
        return "OK";
      case 400:
        return "Bad Request";
      case 401:
        return "Unauthorized";
      case 403:
        return "Forbidden";
      case 404:
        return "Not Found";
      case 405:
        return "Method Not Allowed";
      case 431:
        return "Request Header Fields Too Large";
      case 501:
        return "Not Implemented";
      case 503:
        return "Service Unavailable";
      default:
        return "Internal Server Error";
    }
  }

  private static boolean gzip(@Nullable String accepted) {
    if (accepted == null) {
      return false;
    }
    for (String coding : accepted.toLowerCase(Locale.ROOT).split(",")) {
      String[] parts = coding.trim().split(";");
      if (parts[0].trim().equals("gzip")) {
        return parts.length == 1 || !parts[1].trim().matches("q=0(\\.0*)?");
      }
    }
    return false;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Collects what is written into chunks. */
  private static final class Body extends OutputStream {
    private final OutputStream to;
    private final boolean chunked;
    private final boolean empty;
    private final byte[] buffer = new byte[CHUNK];
    private int used;
    private boolean closed;

    Body(OutputStream to, boolean chunked, boolean empty) {
      this.to = to;
      this.chunked = chunked;
      this.empty = empty;
    }

    @Override
    public void write(int b) throws IOException {
      if (used == CHUNK) {
        drain();
      }
      buffer[used++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      for (int done = 0; done < length; ) {
        if (used == CHUNK) {
          drain();
        }
        int n = Math.min(length - done, CHUNK - used);
        System.arraycopy(bytes, from + done, buffer, used, n);
        used += n;
        done += n;
      }
    }

    private void drain() throws IOException {
      if (!empty && used > 0) {
        if (chunked) {
          to.write(ascii(Integer.toHexString(used) + "\r\n"));
        }
        to.write(buffer, 0, used);
        if (chunked) {
          to.write('\r');
          to.write('\n');
        }
      }
      used = 0;
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        drain();
        if (chunked && !empty) {
          to.write(ascii("0\r\n\r\n"));
        }
      }
    }
  }
}
