package io.sonde.core.database;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a JDBC subprotocol stands for: db.system.name, its own port, and how its URLs name a
 * database.
 */
final class JdbcSystem {
  private static final Map<String, JdbcSystem> ALL = new HashMap<>();

  /** How the rest of the URL is read. */
  enum Style {
    /** {@code //host:port/name?…} */
    PATH,
    /** {@code //host:port/catalog/schema?…} */
    CATALOG,
    /** A file or a name in memory, or {@code tcp://host:port/name}. */
    FILE,
    POSTGRESQL,
    SQL_SERVER,
    ORACLE,
    /** {@code //host:port/name:key=value;…} */
    DB2,
    /** {@code //host/KEY=value,…} */
    TERADATA,
    /** {@code //host/?db=…&schema=…} */
    SNOWFLAKE,
    /** Nothing but host and port. */
    HOST
  }

  static final JdbcSystem OTHER = new JdbcSystem("other_sql", 0, Style.PATH);

  final String name;
  final int port;
  final Style style;

  private JdbcSystem(String name, int port, Style style) {
    this.name = name;
    this.port = port;
    this.style = style;
  }

  static {
    add("postgresql", 5432, Style.POSTGRESQL, "postgresql", "pgsql", "edb", "postgres");
    add("cockroachdb", 26257, Style.POSTGRESQL, "cockroachdb");
    add("aws.redshift", 5439, Style.POSTGRESQL, "redshift");
    add("mysql", 3306, Style.PATH, "mysql", "mysqlx", "mysql+srv");
    add("mariadb", 3306, Style.PATH, "mariadb");
    add("microsoft.sql_server", 1433, Style.SQL_SERVER, "sqlserver");
    add("oracle.db", 1521, Style.ORACLE, "oracle");
    add("h2database", 9092, Style.FILE, "h2");
    add("sqlite", 0, Style.FILE, "sqlite");
    add("hsqldb", 9001, Style.FILE, "hsqldb");
    add("derby", 1527, Style.FILE, "derby");
    add("duckdb", 0, Style.FILE, "duckdb");
    add("ibm.db2", 50000, Style.DB2, "db2", "as400", "db2j");
    add("ibm.informix", 0, Style.DB2, "informix-sqli", "informix-direct");
    add("ibm.netezza", 5480, Style.PATH, "netezza");
    add("sap.hana", 0, Style.PATH, "sap");
    add("sap.maxdb", 7210, Style.PATH, "sapdb", "maxdb");
    add("sybase", 5000, Style.PATH, "sybase");
    add("firebirdsql", 3050, Style.PATH, "firebirdsql", "firebird");
    add("clickhouse", 8123, Style.PATH, "clickhouse", "ch");
    add("snowflake", 443, Style.SNOWFLAKE, "snowflake");
    add("teradata", 1025, Style.TERADATA, "teradata");
    add("trino", 8080, Style.CATALOG, "trino");
    add("presto", 8080, Style.CATALOG, "presto");
    add("hive", 10000, Style.PATH, "hive", "hive2");
    add("impala", 21050, Style.PATH, "impala");
    add("databricks", 443, Style.PATH, "databricks", "spark");
    add("gcp.spanner", 0, Style.HOST, "cloudspanner");
    add("gcp.bigquery", 443, Style.HOST, "bigquery");
    add("vertica", 5433, Style.PATH, "vertica");
    add("intersystems.cache", 1972, Style.PATH, "cache", "iris");
    add("actian.ingres", 0, Style.PATH, "ingres");
    add("exasol", 8563, Style.HOST, "exa");
    add("cassandra", 9042, Style.PATH, "cassandra");
    add("neo4j", 7687, Style.HOST, "neo4j");
    add("phoenix", 2181, Style.HOST, "phoenix");
    add("monetdb", 50000, Style.PATH, "monetdb");
    add("tidb", 4000, Style.PATH, "tidb");
    add("oceanbase", 2881, Style.PATH, "oceanbase");
    add("dameng", 5236, Style.PATH, "dm");
    add("kingbase", 54321, Style.POSTGRESQL, "kingbase8", "kingbase");
    add("opengauss", 5432, Style.POSTGRESQL, "opengauss", "gaussdb");
  }

  private static void add(String name, int port, Style style, String... subprotocols) {
    for (String subprotocol : subprotocols) {
      ALL.put(subprotocol, new JdbcSystem(name, port, style));
    }
  }

  static JdbcSystem of(String subprotocol) {
    JdbcSystem known = ALL.get(subprotocol);
    return known == null ? OTHER : known;
  }

  /**
   * Whether a URL of this subprotocol has another one inside: it belongs to a driver around a
   * driver.
   */
  static boolean isWrapper(String subprotocol) {
    switch (subprotocol) {
      case "p6spy":
      case "otel":
      case "tracing":
      case "log4jdbc":
      case "aws-wrapper":
      case "jtds":
      case "microsoft":
      case "datadirect":
      case "weblogic":
      case "tibcosoftwareinc":
      case "tc":
        return true;
      default:
        return false;
    }
  }

  /** The port to show: none where it is the system's own. */
  int shown(@Nullable String host, int given) {
    return host == null || given == port || given < 0 ? 0 : given;
  }
}
