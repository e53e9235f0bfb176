package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * db.response.status_code: the most specific code that a database system has, as the conventions
 * name it.
 */
final class ResponseCode {
  private ResponseCode() {}

  static @Nullable String of(String system, @Nullable String sqlState, int vendorCode) {
    String state = sqlState == null || sqlState.isEmpty() ? null : sqlState;
    String vendor = vendorCode == 0 ? null : String.valueOf(vendorCode);
    switch (system) {
      case "postgresql":
      case "aws.redshift":
      case "cockroachdb":
      case "derby":
      case "hsqldb":
        return state != null ? state : vendor;
      case "mysql":
      case "mariadb":
      case "tidb":
      case "microsoft.sql_server":
      case "sybase":
      case "ibm.db2":
      case "ibm.informix":
      case "sqlite":
      case "h2database":
      case "firebirdsql":
        return vendor != null ? vendor : state;
      case "oracle.db":
        return vendorCode > 0 ? oracle(vendorCode) : state;
      default:
        return state != null && vendor != null
            ? state + '/' + vendor
            : state != null ? state : vendor;
    }
  }

  /** ORA- and at least five digits. */
  private static String oracle(int code) {
    StringBuilder text = new StringBuilder("ORA-").append(code);
    while (text.length() < 9) {
      text.insert(4, '0');
    }
    return text.toString();
  }
}
