package io.sonde.core.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host or hosts of a JDBC URL.
 *
 * <p>Several stand in server.address with commas between; server.port is theirs where they share
 * it, else each has its own behind it.
 */
final class JdbcHosts {
  static final JdbcHosts NONE = new JdbcHosts();
  static final JdbcHosts LOCAL = new JdbcHosts();
  private static final int MAX = 8;

  static {
    LOCAL.add("localhost", 0);
  }

  private final List<String> hosts = new ArrayList<>(1);
  private final List<Integer> ports = new ArrayList<>(1);
  private @Nullable String instance;

  private JdbcHosts() {}

  /** Where the hosts at the beginning of a text end. */
  static int end(String text) {
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (c == '/' && depth <= 0) {
        return i;
      }
    }
    return text.length();
  }

  /**
   * Reads {@code host:port,host:port}, {@code (host=…,port=…)}, {@code address=(host=…)(port=…)}.
   */
  static JdbcHosts parse(String text, int ownPort) {
    JdbcHosts found = new JdbcHosts();
    if (text.toLowerCase(Locale.ROOT).contains("host=")
        || text.toLowerCase(Locale.ROOT).contains("host =")) {
      found.described(text, ownPort);
    } else {
      for (String one : text.split(",")) {
        found.one(one.trim(), ownPort);
      }
    }
    return found.hosts.isEmpty() ? NONE : found;
  }

  private void one(String text, int ownPort) {
    int close = text.startsWith("[") ? text.indexOf(']') : -1;
    int colon = text.indexOf(':', Math.max(0, close));
    if (close < 0 && colon >= 0 && text.indexOf(':', colon + 1) >= 0) {
      // An IPv6 address without brackets, or nothing that could be shown.
      if (!isAddress(text)) {
        return;
      }
      colon = -1;
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    int port = colon < 0 ? ownPort : number(text.substring(colon + 1));
    int backslash = host.indexOf('\\');
    if (backslash >= 0) {
      instance = host.substring(backslash + 1);
      host = host.substring(0, backslash);
    }
    if (close > 0) {
      host = host.substring(1, close);
    }
    if (port >= 0) {
      add(host, port);
    }
  }

  /** Each {@code host = …}, with the {@code port = …} that comes before the next. */
  private void described(String text, int ownPort) {
    String lower = text.toLowerCase(Locale.ROOT);
    int at = key(lower, "host", 0);
    while (at >= 0) {
      int next = key(lower, "host", at);
      int port = key(lower, "port", at);
      boolean own = port < 0 || next >= 0 && port > next;
      add(value(text, at), own ? ownPort : number(value(text, port)));
      at = next;
    }
  }

  /** Where the value of a key begins that stands after an opening parenthesis or comma, or -1. */
  static int key(String lower, String name, int from) {
    for (int at = lower.indexOf(name, from); at >= 0; at = lower.indexOf(name, at + 1)) {
      int before = at - 1;
      while (before >= 0 && lower.charAt(before) == ' ') {
        before--;
      }
      int after = at + name.length();
      while (after < lower.length() && lower.charAt(after) == ' ') {
        after++;
      }
      boolean starts = before < 0 || "(,".indexOf(lower.charAt(before)) >= 0;
      if (starts && after < lower.length() && lower.charAt(after) == '=') {
        return after + 1;
      }
    }
    return -1;
  }

  static String value(String text, int from) {
    int to = from;
    while (to < text.length() && "(),".indexOf(text.charAt(to)) < 0) {
      to++;
    }
    return text.substring(from, to).trim();
  }

  private static int number(String text) {
    String digits = text.trim();
    if (digits.isEmpty() || digits.length() > 5) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number;
  }

  private void add(String host, int port) {
    if (hosts.size() < MAX && isHost(host)) {
      hosts.add(host);
      ports.add(port);
    }
  }

  private static boolean isAddress(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) < 0 && text.charAt(i) != ':') {
        return false;
      }
    }
    return true;
  }

  private static boolean isHost(String text) {
    if (text.isEmpty() || text.length() > 255) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isLetterOrDigit(c) && "-._:%".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  /** The instance of a SQL Server that stands behind its host. */
  @Nullable String instance() {
    return instance;
  }

  /** server.address. */
  @Nullable String address(int ownPort) {
    if (hosts.isEmpty()) {
      return null;
    }
    StringBuilder all = new StringBuilder(hosts.get(0));
    boolean shared = port() >= 0;
    appendPort(all, 0, shared, ownPort);
    for (int i = 1; i < hosts.size(); i++) {
      all.append(',').append(hosts.get(i));
      appendPort(all, i, shared, ownPort);
    }
    return all.toString();
  }

  private void appendPort(StringBuilder all, int i, boolean shared, int ownPort) {
    int port = ports.get(i) == 0 ? ownPort : ports.get(i);
    if (!shared && port > 0) {
      all.append(':').append(port);
    }
  }

  /** The port of all hosts, 0 where none is given, or -1 where they have several. */
  int port() {
    int port = ports.isEmpty() ? 0 : ports.get(0);
    for (int other : ports) {
      if (other != port) {
        return -1;
      }
    }
    return port;
  }
}
