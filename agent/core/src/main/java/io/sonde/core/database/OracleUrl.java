package io.sonde.core.database;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads Oracle's JDBC URLs: {@code thin:user/password@} and then {@code //host:port/service},
 * {@code host:port:sid}, a description in parentheses, or a name that tnsnames.ora explains.
 */
final class OracleUrl {
  private OracleUrl() {}

  static Database parse(JdbcSystem system, String rest) {
    int description = rest.indexOf('(');
    String before = description < 0 ? rest : rest.substring(0, description);
    int query = before.indexOf('?');
    before = query < 0 ? before : before.substring(0, query);
    int at = before.lastIndexOf('@');
    if (at < 0) {
      return new Database(system.name, null, null, 0);
    }
    return description >= 0
        ? described(system, rest.substring(description))
        : easy(system, before.substring(at + 1).trim());
  }

  private static Database described(JdbcSystem system, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String name = valueOf(text, lower, "service_name");
    if (name == null) {
      name = valueOf(text, lower, "sid");
    }
    return database(system, JdbcHosts.parse(text, system.port), name);
  }

  private static @Nullable String valueOf(String text, String lower, String key) {
    int at = JdbcHosts.key(lower, key, 0);
    return at < 0 ? null : JdbcHosts.value(text, at);
  }

  private static Database easy(JdbcSystem system, String text) {
    if (text.regionMatches(true, 0, "ldap", 0, 4) && text.contains("://")) {
      String path = text.substring(text.indexOf('/', text.indexOf("://") + 3) + 1);
      return database(system, JdbcHosts.NONE, upTo(path, ",/"));
    }
    int slashes = text.indexOf("//");
    String rest = slashes < 0 ? text : text.substring(slashes + 2);
    int slash = JdbcHosts.end(rest);
    if (slash < rest.length()) {
      String hosts = rest.substring(0, slash).replace(';', ',');
      return database(
          system, JdbcHosts.parse(hosts, system.port), upTo(rest.substring(slash + 1), ":/"));
    }
    int close = rest.startsWith("[") ? rest.indexOf(']') : 0;
    int port = rest.indexOf(':', Math.max(0, close));
    int sid = port < 0 ? -1 : rest.indexOf(':', port + 1);
    if (sid > 0) {
      return database(
          system, JdbcHosts.parse(rest.substring(0, sid), system.port), rest.substring(sid + 1));
    }
    return port < 0 && slashes < 0
        ? database(system, JdbcHosts.NONE, rest)
        : database(system, JdbcHosts.parse(rest, system.port), null);
  }

  private static String upTo(String text, String stops) {
    int i = 0;
    while (i < text.length() && stops.indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return text.substring(0, i);
  }

  private static Database database(JdbcSystem system, JdbcHosts hosts, @Nullable String name) {
    String host = hosts.address(system.port);
    String namespace = name == null || name.isEmpty() || name.length() > 256 ? null : name;
    return new Database(system.name, namespace, host, system.shown(host, hosts.port()));
  }
}
