package io.sonde.exporters.endpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The head of one HTTP request, within bounds; a body is not read. */
public final class Request {
  private static final int MAX_HEAD = 16 * 1024;
  private static final int MAX_HEADERS = 100;

  private final String method;
  private final String path;
  private final String query;
  private final boolean http11;
  private final Map<String, String> headers;

  private Request(String method, String target, boolean http11, Map<String, String> headers) {
    this.method = method;
    int question = target.indexOf('?');
    path = question < 0 ? target : target.substring(0, question);
    query = question < 0 ? "" : target.substring(question + 1);
    this.http11 = http11;
    this.headers = headers;
  }

  /** A request that cannot be answered as one. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    final int status;

    Refused(int status) {
      super(null, null, false, false);
      this.status = status;
    }
  }

  /** Reads the head, or returns null where the other end closes before it says anything. */
  static @Nullable Request read(InputStream in) throws IOException, Refused {
    byte[] head = new byte[MAX_HEAD];
    int length = 0;
    int end = -1;
    while (end < 0) {
      if (length == MAX_HEAD) {
        throw new Refused(431);
      }
      int n = in.read(head, length, MAX_HEAD - length);
      if (n < 0) {
        if (length == 0) {
          return null;
        }
        throw new Refused(400);
      }
      end = end(head, Math.max(0, length - 3), length + n);
      length += n;
    }
    return parse(new String(head, 0, end, StandardCharsets.ISO_8859_1));
  }

  /** Where the empty line begins, or -1. */
  private static int end(byte[] head, int from, int to) {
    for (int i = from; i + 1 < to; i++) {
      if (head[i] == '\n'
          && (head[i + 1] == '\n' || head[i + 1] == '\r' && i + 2 < to && head[i + 2] == '\n')) {
        return i;
      }
    }
    return -1;
  }

  private static Request parse(String head) throws Refused {
    String[] lines = head.split("\n", -1);
    String[] first = withoutReturn(lines[0]).split(" ", -1);
    boolean http11 = first.length == 3 && first[2].equals("HTTP/1.1");
    if (first.length != 3 || !http11 && !first[2].equals("HTTP/1.0") || !first[1].startsWith("/")) {
      throw new Refused(400);
    }
    if (lines.length > MAX_HEADERS) {
      throw new Refused(431);
    }
    Map<String, String> headers = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1) {
        throw new Refused(400);
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      String value = lines[i].substring(colon + 1).trim();
      String before = headers.get(name);
      headers.put(name, before == null ? value : before + "," + value);
    }
    return new Request(first[0], first[1], http11, headers);
  }

  private static String withoutReturn(String line) {
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  /** GET or HEAD. */
  public String method() {
    return method;
  }

  /** The path as it came, without the query. */
  public String path() {
    return path;
  }

  /** What stands behind the question mark, as it came. */
  public String query() {
    return query;
  }

  /** The first parameter of that name in the query, as it came; null without one. */
  public @Nullable String parameter(String name) {
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if ((equals < 0 ? pair : pair.substring(0, equals)).equals(name)) {
        return equals < 0 ? "" : pair.substring(equals + 1);
      }
    }
    return null;
  }

  /** The header of that name in lower case, values of several joined by commas. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  boolean http11() {
    return http11;
  }
}
