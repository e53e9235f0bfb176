package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** H2's driver, 1.4 to 2.4, by name. */
@Member(role = "jdbc.driver", type = "org.h2.Driver")
@Member(role = "jdbc.connection", type = "org.h2.jdbc.JdbcConnection", state = true)
@Member(role = "jdbc.statement", type = "org.h2.jdbc.JdbcStatement", state = true)
@Member(
    role = "jdbc.statement",
    type = {"org.h2.jdbc.JdbcPreparedStatement", "org.h2.jdbc.JdbcCallableStatement"})
@Member(role = "jdbc.xa", type = "org.h2.jdbcx.JdbcXAConnection")
final class H2 {
  private H2() {}
}
