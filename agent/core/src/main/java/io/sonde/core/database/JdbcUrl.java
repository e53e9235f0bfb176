package io.sonde.core.database;

import io.sonde.core.database.JdbcSystem.Style;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads which database a JDBC URL names: system, host, port and namespace, and nothing that could
 * be a credential.
 *
 * <p>What does not look like a host or a name is left out.
 */
final class JdbcUrl {
  private static final int MAX_NAME = 256;

  private final JdbcSystem system;

  /** What stands before the parameters. */
  private final String main;

  private final JdbcParameters parameters;
  private JdbcHosts hosts = JdbcHosts.NONE;
  private @Nullable String name;

  private JdbcUrl(JdbcSystem system, String rest, @Nullable Properties properties) {
    this.system = system;
    int end = JdbcParameters.start(rest, system.style);
    main = rest.substring(0, end);
    parameters = new JdbcParameters(rest.substring(end), properties);
  }

  static Database parse(String url, @Nullable Properties properties) {
    int colon = url.indexOf(':');
    if (colon < 0 || !url.regionMatches(true, 0, "jdbc", 0, 4)) {
      return Databases.UNKNOWN;
    }
    String rest = url.substring(colon + 1).trim();
    while (true) {
      int end = rest.indexOf(':');
      if (end < 0) {
        return Databases.UNKNOWN;
      }
      String subprotocol = rest.substring(0, end).toLowerCase(Locale.ROOT);
      rest = rest.substring(end + 1);
      if (!JdbcSystem.isWrapper(subprotocol)) {
        JdbcSystem system = JdbcSystem.of(subprotocol);
        return system.style == Style.ORACLE
            ? OracleUrl.parse(system, rest)
            : new JdbcUrl(system, rest, properties).database();
      }
      if (subprotocol.equals("tc")) {
        rest = withoutTag(rest);
      }
    }
  }

  /** Testcontainers names an image's tag between the subprotocol and the rest. */
  private static String withoutTag(String rest) {
    int slashes = rest.indexOf("://");
    int tag = slashes < 0 ? -1 : rest.lastIndexOf(':', slashes - 1);
    return tag < 0 ? rest : rest.substring(0, tag) + rest.substring(slashes);
  }

  private Database database() {
    int authority = authority();
    if (authority >= 0) {
      readAuthority(main.substring(authority + 2));
    } else if (system.style == Style.FILE) {
      name = file(main);
    } else if (system.style == Style.POSTGRESQL) {
      hosts = JdbcHosts.LOCAL;
      name = main.startsWith("/") ? main.substring(1) : main;
    } else if (system.style == Style.DB2) {
      name = main;
    } else if (system.name.equals("sybase")) {
      // jdbc:sybase:Tds:host:port/name
      readAuthority(main.substring(main.indexOf(':') + 1));
    }
    namespace();
    String namespace = name == null || name.isEmpty() || name.length() > MAX_NAME ? null : name;
    String host = hosts.address(system.port);
    return new Database(system.name, namespace, host, system.shown(host, hosts.port()));
  }

  /** Where the slashes before a host are, or -1. */
  private int authority() {
    boolean local =
        system.style == Style.FILE
            && (system.port == 0 || main.regionMatches(true, 0, "file:", 0, 5));
    return local ? -1 : main.indexOf("//");
  }

  private void readAuthority(String text) {
    // The last @: a password may hold one, a host may not.
    String rest = text.substring(text.lastIndexOf('@') + 1);
    int slash = JdbcHosts.end(rest);
    hosts = JdbcHosts.parse(rest.substring(0, slash), system.port);
    if (slash == 0 && (system.style == Style.POSTGRESQL || system.port == 3306)) {
      hosts = JdbcHosts.LOCAL;
    }
    name = slash < rest.length() ? rest.substring(slash + 1) : null;
  }

  /** Turns what stands where the name stands, and the parameters, into db.namespace. */
  private void namespace() {
    switch (system.style) {
      case POSTGRESQL:
        name = join(JdbcParameters.decode(name), schema(parameters.get("currentSchema")));
        break;
      case SQL_SERVER:
        String server = parameters.get("serverName", "server");
        if (hosts == JdbcHosts.NONE && server != null) {
          hosts = JdbcHosts.parse(server, system.port);
        }
        String instance = parameters.get("instanceName", "instance");
        String database = parameters.get("databaseName", "database");
        name =
            join(
                instance != null ? instance : hosts.instance(), database != null ? database : name);
        break;
      case CATALOG:
        name = name == null ? null : trimSlash(name).replace('/', '|');
        break;
      case DB2:
        name = name == null ? null : name.substring(0, before(name, ':'));
        break;
      case TERADATA:
        name = parameters.get("DATABASE");
        break;
      case SNOWFLAKE:
        name = join(parameters.get("db"), parameters.get("schema"));
        break;
      case HOST:
        name = null;
        break;
      case FILE:
        if (name == null || name.isEmpty()) {
          name = parameters.get("databaseName");
        } else if (hosts != JdbcHosts.NONE) {
          name = file(name);
        }
        break;
      default:
        name = plain(name);
        if (name == null) {
          name = parameters.get("databaseName", "database");
        }
    }
  }

  private static @Nullable String join(@Nullable String general, @Nullable String specific) {
    if (general == null || general.isEmpty()) {
      return specific;
    }
    return specific == null || specific.isEmpty() ? general : general + '|' + specific;
  }

  /** The first schema of a search path. */
  private static @Nullable String schema(@Nullable String path) {
    return path == null ? null : path.substring(0, before(path, ',')).trim();
  }

  /** A name of a database, or null where it looks like anything else. */
  private @Nullable String plain(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String decoded = trimSlash(JdbcParameters.decode(text));
    boolean path = system.name.equals("firebirdsql");
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (!Character.isLetterOrDigit(c)
          && "_-.$ ".indexOf(c) < 0
          && !(path && "/\\:".indexOf(c) >= 0)) {
        return null;
      }
    }
    return decoded.isEmpty() ? null : decoded;
  }

  private static String trimSlash(@Nullable String text) {
    String trimmed = text == null ? "" : text;
    return trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
  }

  private static int before(String text, char c) {
    int at = text.indexOf(c);
    return at < 0 ? text.length() : at;
  }

  /** The name behind prefixes such as {@code mem:} and {@code file:}. */
  private static String file(String text) {
    String name = text;
    for (int colon = name.indexOf(':'); colon > 1; colon = name.indexOf(':')) {
      for (int i = 0; i < colon; i++) {
        if (!Character.isLetterOrDigit(name.charAt(i))) {
          return name;
        }
      }
      name = name.substring(colon + 1);
    }
    return name;
  }
}
