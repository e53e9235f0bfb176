package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** PostgreSQL's driver, 9.4.1212 to 42.7, by name. */
@Member(role = "jdbc.driver", type = "org.postgresql.Driver")
@Member(role = "jdbc.connection", type = "org.postgresql.jdbc.PgConnection", state = true)
@Member(role = "jdbc.statement", type = "org.postgresql.jdbc.PgStatement", state = true)
@Member(
    role = "jdbc.statement",
    type = {"org.postgresql.jdbc.PgPreparedStatement", "org.postgresql.jdbc.PgCallableStatement"})
@Member(role = "jdbc.xa", type = "org.postgresql.xa.PGXAConnection")
final class Postgresql {
  private Postgresql() {}
}
