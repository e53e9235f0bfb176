package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** Oracle's driver, 19 to 23, by name. */
@Member(role = "jdbc.driver", type = "oracle.jdbc.driver.OracleDriver")
@Member(role = "jdbc.connection", type = "oracle.jdbc.driver.PhysicalConnection", state = true)
@Member(role = "jdbc.statement", type = "oracle.jdbc.driver.OracleStatementWrapper", state = true)
@Member(role = "jdbc.statement", type = "oracle.jdbc.driver.OraclePreparedStatementWrapper")
@Member(
    role = "jdbc.xa",
    type = {"oracle.jdbc.xa.client.OracleXAResource", "oracle.jdbc.driver.T4CXAResource"})
final class Oracle {
  private Oracle() {}
}
