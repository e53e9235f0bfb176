package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** MySQL's driver, 5.1 to 26, by name. */
@Member(
    role = "jdbc.driver",
    type = {"com.mysql.jdbc.NonRegisteringDriver", "com.mysql.cj.jdbc.NonRegisteringDriver"})
@Member(
    role = "jdbc.connection",
    type = {"com.mysql.jdbc.ConnectionImpl", "com.mysql.cj.jdbc.ConnectionImpl"},
    state = true)
@Member(
    role = "jdbc.statement",
    type = {"com.mysql.jdbc.StatementImpl", "com.mysql.cj.jdbc.StatementImpl"},
    state = true)
@Member(
    role = "jdbc.statement",
    type = {
      "com.mysql.jdbc.PreparedStatement",
      "com.mysql.jdbc.ServerPreparedStatement",
      "com.mysql.jdbc.CallableStatement",
      "com.mysql.cj.jdbc.ClientPreparedStatement",
      "com.mysql.cj.jdbc.ServerPreparedStatement",
      "com.mysql.cj.jdbc.CallableStatement"
    })
@Member(
    role = "jdbc.xa",
    type = {
      "com.mysql.jdbc.jdbc2.optional.MysqlXAConnection",
      "com.mysql.cj.jdbc.MysqlXAConnection"
    })
final class Mysql {
  private Mysql() {}
}
