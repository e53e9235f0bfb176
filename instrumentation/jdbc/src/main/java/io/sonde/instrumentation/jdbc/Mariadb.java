package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** MariaDB's driver, 1.8 to 4, by name. */
@Member(
    role = "jdbc.driver",
    type = {"org.mariadb.jdbc.Driver", "org.mariadb.jdbc.NonRegisteringDriver"})
@Member(
    role = "jdbc.connection",
    type = {"org.mariadb.jdbc.MariaDbConnection", "org.mariadb.jdbc.Connection"},
    state = true)
@Member(
    role = "jdbc.statement",
    type = {"org.mariadb.jdbc.MariaDbStatement", "org.mariadb.jdbc.Statement"},
    state = true)
@Member(
    role = "jdbc.statement",
    type = {
      "org.mariadb.jdbc.BasePrepareStatement",
      "org.mariadb.jdbc.ClientSidePreparedStatement",
      "org.mariadb.jdbc.ServerSidePreparedStatement",
      "org.mariadb.jdbc.MariaDbFunctionStatement",
      "org.mariadb.jdbc.MariaDbProcedureStatement",
      "org.mariadb.jdbc.BasePreparedStatement",
      "org.mariadb.jdbc.ClientPreparedStatement",
      "org.mariadb.jdbc.ServerPreparedStatement"
    })
@Member(role = "jdbc.xa", type = "org.mariadb.jdbc.MariaXaResource")
final class Mariadb {
  private Mariadb() {}
}
