package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** SQL Server's driver, 6.4 to 13, by name. */
@Member(role = "jdbc.driver", type = "com.microsoft.sqlserver.jdbc.SQLServerDriver")
@Member(
    role = "jdbc.connection",
    type = "com.microsoft.sqlserver.jdbc.SQLServerConnection",
    state = true)
@Member(
    role = "jdbc.statement",
    type = "com.microsoft.sqlserver.jdbc.SQLServerStatement",
    state = true)
@Member(role = "jdbc.statement", type = "com.microsoft.sqlserver.jdbc.SQLServerPreparedStatement")
final class SqlServer {
  private SqlServer() {}
}
