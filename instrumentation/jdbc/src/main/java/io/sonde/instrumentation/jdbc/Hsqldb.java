package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** HSQLDB's driver, 2.3 to 2.7, by name. */
@Member(role = "jdbc.driver", type = "org.hsqldb.jdbc.JDBCDriver")
@Member(role = "jdbc.connection", type = "org.hsqldb.jdbc.JDBCConnection", state = true)
@Member(
    role = "jdbc.statement",
    type = {"org.hsqldb.jdbc.JDBCStatement", "org.hsqldb.jdbc.JDBCPreparedStatement"},
    state = true)
@Member(role = "jdbc.statement", type = "org.hsqldb.jdbc.JDBCCallableStatement")
final class Hsqldb {
  private Hsqldb() {}
}
