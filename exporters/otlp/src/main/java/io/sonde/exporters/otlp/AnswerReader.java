package io.sonde.exporters.otlp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads one answer of HTTP/1.1, of whatever size and form, into bounded memory. */
final class AnswerReader {
  private static final int MAX_HEAD = 32 << 10;

  private final PlainConnection from;
  private int headLeft = MAX_HEAD;
  private int status;
  private String message = "";
  private long length;
  private boolean chunked;
  private boolean keeps;
  private @Nullable String location;
  private @Nullable String retryAfter;

  AnswerReader(PlainConnection from) {
    this.from = from;
  }

  /** The answer that follows those which only say that it will follow. */
  Answer read() throws IOException {
    do {
      head();
    } while (status / 100 == 1);
    ByteArrayOutputStream body = new ByteArrayOutputStream(64);
    try {
      keeps &= body(body);
    } catch (IOException e) {
      // The head says whether the request was taken: a body that breaks off takes nothing back.
      keeps = false;
    }
    return new Answer(status, message, body.toByteArray(), location, retryAfter);
  }

  /** Whether the connection can be used again. */
  boolean keepsConnection() {
    return keeps;
  }

  private void head() throws IOException {
    length = -1;
    chunked = false;
    String first = line();
    int code = first.indexOf(' ') + 1;
    if (!first.startsWith("HTTP/1.") || first.length() < code + 3) {
      throw new IOException("what answers does not speak HTTP/1.1");
    }
    keeps = first.startsWith("HTTP/1.1");
    status = (int) number(first.substring(code, code + 3), 10);
    message = first.substring(Math.min(first.length(), code + 4));
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      if (colon > 0) {
        String name = header.substring(0, colon).trim().toLowerCase(Locale.ROOT);
        header(name, header.substring(colon + 1).trim());
      }
    }
    if (status == 204 || status == 304) {
      length = 0;
      chunked = false;
    }
  }

  private void header(String name, String value) {
    switch (name) {
      case "content-length":
        length(value);
        break;
      case "transfer-encoding":
        chunked = value.toLowerCase(Locale.ROOT).endsWith("chunked");
        break;
      case "connection":
        keeps &= !value.toLowerCase(Locale.ROOT).contains("close");
        break;
      case "location":
        location = value;
        break;
      case "retry-after":
        retryAfter = value;
        break;
      default:
        break;
    }
  }

  private void length(String value) {
    try {
      length = number(value, 10);
    } catch (IOException e) {
      // The status is known: where the body ends is not, so nothing else can be read from here.
      length = 0;
      keeps = false;
    }
  }

  /** Reads the body; false where its end was not seen, or is the connection's. */
  private boolean body(ByteArrayOutputStream to) throws IOException {
    if (!chunked) {
      return part(length < 0 ? Long.MAX_VALUE : length, to) && length >= 0;
    }
    while (true) {
      String size = line();
      int extension = size.indexOf(';');
      long bytes = number((extension < 0 ? size : size.substring(0, extension)).trim(), 16);
      if (bytes == 0) {
        break;
      }
      if (!part(bytes, to) || !line().isEmpty()) {
        return false;
      }
    }
    while (!line().isEmpty()) {
      // a trailer
    }
    return true;
  }

  private boolean part(long bytes, ByteArrayOutputStream to) throws IOException {
    for (long left = bytes; left > 0; left--) {
      int next = to.size() < Answer.MAX_BODY ? from.read() : -1;
      if (next < 0) {
        return false;
      }
      to.write(next);
    }
    return true;
  }

  private static long number(String digits, int radix) throws IOException {
    try {
      long number = Long.parseLong(digits, radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IOException("what answers does not speak HTTP/1.1");
  }

  /** All lines of an answer together are bounded. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = from.read(); next != '\n'; next = from.read()) {
      if (next < 0) {
        throw new EOFException("the connection was closed before the answer");
      }
      if (headLeft-- == 0) {
        throw new IOException("the head of the answer does not end");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }
}
