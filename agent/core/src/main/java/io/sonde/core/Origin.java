package io.sonde.core;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where an HTTP request was sent to and who sent it, as its first proxy saw it: {@code Forwarded},
 * then {@code X-Forwarded-*}, then what the request itself says.
 */
final class Origin {
  private Origin() {}

  /** http or https as the client used it. */
  static <C> String scheme(
      @Nullable String forwarded, C request, Headers<C> headers, String connection) {
    String scheme = forwarded == null ? null : parameter(forwarded, "proto");
    if (scheme == null) {
      scheme = first(headers.get(request, "X-Forwarded-Proto"));
    }
    // A label of the RED series: only what is known counts.
    return "https".equalsIgnoreCase(scheme)
        ? "https"
        : "http".equalsIgnoreCase(scheme) ? "http" : connection;
  }

  /** Host, and port behind a colon where it was named, as the client used it. */
  static <C> @Nullable String authority(@Nullable String forwarded, C request, Headers<C> headers) {
    String host = forwarded == null ? null : parameter(forwarded, "host");
    if (host == null) {
      host = first(headers.get(request, "X-Forwarded-Host"));
    }
    return host != null ? host : first(headers.get(request, "Host"));
  }

  /** The client's address where a proxy named it. */
  static <C> @Nullable String client(@Nullable String forwarded, C request, Headers<C> headers) {
    String client = forwarded == null ? null : parameter(forwarded, "for");
    if (client == null || client.equalsIgnoreCase("unknown")) {
      client = first(headers.get(request, "X-Forwarded-For"));
    }
    return client == null || client.equalsIgnoreCase("unknown") ? null : host(client);
  }

  /** The host of {@code host:port}, {@code [v6]:port} or either alone. */
  static String host(String authority) {
    if (authority.startsWith("[")) {
      int close = authority.indexOf(']');
      return close < 0 ? authority : authority.substring(1, close);
    }
    int colon = colon(authority);
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  /** An authority taken apart; the latest ones are kept, for most requests are sent to the same. */
  static final class Authority {
    private static final int KEPT = 64;
    private static final int LONGEST = 256;
    private static final Long HTTP = 80L;
    private static final Long HTTPS = 443L;

    // Each text has one place; what is lost by two threads writing there is found out again.
    private static final AtomicReferenceArray<@Nullable Authority> RECENT =
        new AtomicReferenceArray<>(KEPT);

    private final String text;
    private final @Nullable Long port;
    final String host;

    private Authority(String text) {
      this.text = text;
      int named = Origin.port(text);
      host = Origin.host(text);
      port = named > 0 ? (Long) (long) named : null;
    }

    static Authority of(String text) {
      if (text.length() > LONGEST) {
        return new Authority(text);
      }
      int hash = text.hashCode();
      int place = (hash ^ hash >>> 16) & KEPT - 1;
      Authority kept = RECENT.get(place);
      if (kept == null || !kept.text.equals(text)) {
        RECENT.set(place, kept = new Authority(text));
      }
      return kept;
    }

    /** The port, else the scheme's own. */
    Long port(String scheme) {
      return port != null ? port : scheme.equals("https") ? HTTPS : HTTP;
    }
  }

  /** The port of {@code host:port}, 0 where there is none. */
  private static int port(String authority) {
    int from = authority.startsWith("[") ? authority.indexOf("]:") + 1 : colon(authority);
    int port = 0;
    for (int i = from + 1; from > 0 && i < authority.length(); i++) {
      int digit = authority.charAt(i) - '0';
      if (digit < 0 || digit > 9 || port > 65_535) {
        port = 0;
        break;
      }
      port = port * 10 + digit;
    }
    return port <= 65_535 ? port : 0;
  }

  /** The colon before a port; an address of version 6 without brackets has several and no port. */
  private static int colon(String authority) {
    int colon = authority.indexOf(':');
    return colon == authority.lastIndexOf(':') ? colon : -1;
  }

  /** The first value of a list with commas, or null where it is empty. */
  private static @Nullable String first(@Nullable String list) {
    if (list == null) {
      return null;
    }
    int comma = list.indexOf(',');
    String value = (comma < 0 ? list : list.substring(0, comma)).trim();
    return value.isEmpty() ? null : value;
  }

  /** The first value of a parameter of {@code Forwarded: for=…;host="…";proto=…, for=…}. */
  private static @Nullable String parameter(String header, String name) {
    int length = header.length();
    int at = 0;
    while (at < length) {
      int from = at;
      while (from < length && header.charAt(from) == ' ') {
        from++;
      }
      int equals = from + name.length();
      boolean wanted =
          equals < length
              && header.charAt(equals) == '='
              && header.regionMatches(true, from, name, 0, name.length());
      boolean quoted = false;
      int end = from;
      for (; end < length; end++) {
        char c = header.charAt(end);
        if (c == '"') {
          quoted = !quoted;
        } else if (!quoted && (c == ';' || c == ',')) {
          break;
        }
      }
      if (wanted) {
        String value = unquoted(header, equals + 1, end);
        return value.isEmpty() ? null : value;
      }
      at = end + 1;
    }
    return null;
  }

  private static String unquoted(String header, int from, int end) {
    String value = header.substring(from, end).trim();
    boolean quotes = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quotes ? value.substring(1, value.length() - 1) : value;
  }
}
