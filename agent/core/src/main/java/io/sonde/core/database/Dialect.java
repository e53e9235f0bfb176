package io.sonde.core.database;

/**
 * How a database system writes literals, quoted names and comments, as far as taking literals out
 * depends on it.
 *
 * <p>Where a system is not known, what could be a literal counts as one.
 */
final class Dialect {
  static final int DOUBLE_QUOTES_ARE_LITERALS = 1;
  static final int BACKSLASHES = 1 << 1;
  static final int FLAT_COMMENTS = 1 << 2;
  static final int HASH_COMMENTS = 1 << 3;
  static final int DASHES_NEED_SPACE = 1 << 4;
  static final int BRACKETS = 1 << 5;
  static final int Q_QUOTES = 1 << 6;

  static final Dialect STANDARD = new Dialect(0);
  static final Dialect MYSQL =
      new Dialect(
          DOUBLE_QUOTES_ARE_LITERALS
              | BACKSLASHES
              | FLAT_COMMENTS
              | HASH_COMMENTS
              | DASHES_NEED_SPACE);
  static final Dialect ORACLE = new Dialect(FLAT_COMMENTS | Q_QUOTES);
  static final Dialect SQL_SERVER = new Dialect(BRACKETS);
  static final Dialect SQLITE = new Dialect(DOUBLE_QUOTES_ARE_LITERALS | FLAT_COMMENTS | BRACKETS);

  /** Standard, but a backslash escapes a quote. */
  static final Dialect BACKSLASH = new Dialect(BACKSLASHES);

  /** Hive and its relatives. */
  static final Dialect HIVE = new Dialect(DOUBLE_QUOTES_ARE_LITERALS | BACKSLASHES | FLAT_COMMENTS);

  static final Dialect UNKNOWN = new Dialect(DOUBLE_QUOTES_ARE_LITERALS);

  /** The queries of texts that were executed as they are. */
  final QueryCache executed = new QueryCache();

  /** The queries of texts that were prepared. */
  final QueryCache prepared = new QueryCache();

  private final int features;

  private Dialect(int features) {
    this.features = features;
  }

  boolean has(int feature) {
    return (features & feature) != 0;
  }

  /** The dialect of a db.system.name. */
  static Dialect of(String system) {
    switch (system) {
      case "postgresql":
      case "aws.redshift":
      case "cockroachdb":
      case "derby":
      case "duckdb":
      case "firebirdsql":
      case "h2database":
      case "hsqldb":
      case "ibm.db2":
      case "ibm.netezza":
      case "sap.hana":
      case "sap.maxdb":
      case "teradata":
      case "trino":
      case "vertica":
        return STANDARD;
      case "mysql":
      case "mariadb":
        return MYSQL;
      case "oracle.db":
        return ORACLE;
      case "microsoft.sql_server":
      case "sybase":
        return SQL_SERVER;
      case "sqlite":
        return SQLITE;
      case "clickhouse":
      case "snowflake":
        return BACKSLASH;
      case "hive":
      case "impala":
      case "databricks":
      case "gcp.bigquery":
        return HIVE;
      default:
        return UNKNOWN;
    }
  }
}
