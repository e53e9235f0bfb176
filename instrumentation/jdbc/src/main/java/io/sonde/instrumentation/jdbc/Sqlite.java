package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** SQLite's driver by Xerial, 3.8 to 3.54, by name. */
@Member(role = "jdbc.driver", type = "org.sqlite.JDBC")
@Member(role = "jdbc.connection", type = "org.sqlite.jdbc3.JDBC3Connection", state = true)
@Member(role = "jdbc.connection", type = "org.sqlite.jdbc4.JDBC4Connection")
@Member(role = "jdbc.statement", type = "org.sqlite.jdbc3.JDBC3Statement", state = true)
@Member(
    role = "jdbc.statement",
    type = {"org.sqlite.core.CorePreparedStatement", "org.sqlite.jdbc3.JDBC3PreparedStatement"})
final class Sqlite {
  private Sqlite() {}
}
