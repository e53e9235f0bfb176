package io.sonde.exporters.otlp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 response, read from a connection; only what an exporter needs of it, and no more than
 * so many bytes.
 */
final class HttpResponse {
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 200;
  private static final int MAX_BODY = 64 * 1024;

  int status;
  byte[] body = {};
  @Nullable String retryAfter;
  @Nullable String location;

  /** Whether the connection can take another request. */
  boolean reusable = true;

  private long length = -1;
  private boolean chunked;
  private boolean gzip;
  private boolean started;

  /**
   * Whether a byte came: without one an idle connection was closed by the receiver, with one it
   * answered.
   */
  boolean started() {
    return started;
  }

  void read(InputStream in) throws IOException {
    do {
      statusLine(line(in));
      headers(in);
    } while (status >= 100 && status < 200);
    ByteArrayOutputStream content = new ByteArrayOutputStream(128);
    if (status == 204 || status == 304) {
      return;
    }
    if (chunked) {
      chunks(in, content);
    } else if (length >= 0) {
      copy(in, content, length);
    } else {
      reusable = false;
      copy(in, content, Long.MAX_VALUE);
    }
    body = gzip ? unpacked(content.toByteArray()) : content.toByteArray();
  }

  private void statusLine(String line) throws IOException {
    if (!line.startsWith("HTTP/1.") || line.length() < 12) {
      throw new NotHttpException();
    }
    try {
      status = Integer.parseInt(line.substring(9, 12));
    } catch (NumberFormatException e) {
      throw new NotHttpException();
    }
    reusable = line.charAt(7) != '0';
  }

  private void headers(InputStream in) throws IOException {
    int count = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon < 0 || ++count > MAX_HEADERS) {
        throw new NotHttpException();
      }
      header(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
  }

  private void header(String name, String value) throws IOException {
    switch (name) {
      case "content-length":
        try {
          length = Long.parseLong(value);
        } catch (NumberFormatException e) {
          throw new NotHttpException();
        }
        break;
      case "transfer-encoding":
        chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        break;
      case "content-encoding":
        gzip = value.equalsIgnoreCase("gzip");
        break;
      case "connection":
        reusable &= !value.toLowerCase(Locale.ROOT).contains("close");
        break;
      case "retry-after":
        retryAfter = value;
        break;
      case "location":
        location = value;
        break;
      default:
    }
  }

  private void chunks(InputStream in, ByteArrayOutputStream to) throws IOException {
    for (; ; ) {
      String line = line(in);
      int end = line.indexOf(';');
      long size;
      try {
        size = Long.parseLong((end < 0 ? line : line.substring(0, end)).trim(), 16);
      } catch (NumberFormatException e) {
        throw new NotHttpException();
      }
      if (size <= 0) {
        break;
      }
      copy(in, to, size);
      if (!reusable) {
        return;
      }
      line(in);
    }
    for (String trailer = line(in); !trailer.isEmpty(); trailer = line(in)) {
      if (trailer.indexOf(':') < 0) {
        throw new NotHttpException();
      }
    }
  }

  /**
   * Reads so much; when that is more than anybody needs, stops and leaves the connection unusable.
   */
  private void copy(InputStream in, ByteArrayOutputStream to, long count) throws IOException {
    byte[] some = new byte[1024];
    for (long left = count; left > 0; ) {
      if (to.size() >= MAX_BODY) {
        reusable = false;
        return;
      }
      int read = in.read(some, 0, (int) Math.min(some.length, left));
      if (read < 0) {
        if (count == Long.MAX_VALUE) {
          return;
        }
        throw new EOFException("the answer ended early");
      }
      to.write(some, 0, read);
      left -= read;
    }
  }

  private String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException(started ? "the answer ended early" : "closed without an answer");
      }
      started = true;
      if (line.length() == MAX_LINE) {
        throw new NotHttpException();
      }
      line.append((char) c);
    }
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    return line.toString();
  }

  private static byte[] unpacked(byte[] packed) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream(packed.length * 2);
    try (InputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(packed))) {
      byte[] some = new byte[1024];
      for (int read = in.read(some); read > 0 && plain.size() < MAX_BODY; read = in.read(some)) {
        plain.write(some, 0, read);
      }
    } catch (IOException e) {
      return new byte[0];
    }
    return plain.toByteArray();
  }

  /** What answered does not speak HTTP/1.1. */
  static final class NotHttpException extends IOException {
    private static final long serialVersionUID = 1;

    NotHttpException() {
      super("the answer is not HTTP/1.1");
    }
  }
}
