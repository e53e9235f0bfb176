package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/**
 * Db2's driver and connections by name; its statements, whose names change with each version, are
 * discovered.
 */
@Member(role = "jdbc.driver", type = "com.ibm.db2.jcc.DB2Driver")
@Member(role = "jdbc.connection", type = "com.ibm.db2.jcc.am.Connection", state = true)
final class Db2 {
  private Db2() {}
}
