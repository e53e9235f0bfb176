package io.sonde.core.database;

import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The databases that JDBC URLs name; one object a URL, for at most {@link #MAX} URLs. */
public final class Databases {
  static final int MAX = 1000;

  /** Where nothing is known but that it takes SQL. */
  public static final Database UNKNOWN = new Database("other_sql", null, null, 0);

  /** What drivers take beside the URL and that says which database it is. */
  private static final String[] PROPERTIES = {
    "currentSchema", "databaseName", "instanceName", "serverName"
  };

  private static final ConcurrentHashMap<String, Database> SEEN = new ConcurrentHashMap<>();

  private Databases() {}

  /** The database that a driver connects to with this URL and these properties. */
  public static Database of(@Nullable String url, @Nullable Properties properties) {
    if (url == null) {
      return UNKNOWN;
    }
    String key = properties == null || properties.isEmpty() ? url : withProperties(url, properties);
    Database known = SEEN.get(key);
    if (known == null) {
      known = JdbcUrl.parse(url, properties);
      if (SEEN.mappingCount() < MAX) {
        SEEN.putIfAbsent(key, known);
      }
    }
    return known;
  }

  private static String withProperties(String url, Properties properties) {
    String key = url;
    for (String name : PROPERTIES) {
      String value = properties.getProperty(name);
      if (value != null) {
        key = key + '\n' + name + '=' + value;
      }
    }
    return key;
  }
}
