package io.sonde.instrumentation.jdbc;

import io.sonde.core.Member;

/** Derby's drivers, embedded and client, 10.14 to 10.17, by name. */
@Member(
    role = "jdbc.driver",
    type = {
      "org.apache.derby.jdbc.AutoloadedDriver",
      "org.apache.derby.jdbc.EmbeddedDriver",
      "org.apache.derby.jdbc.InternalDriver",
      "org.apache.derby.jdbc.ClientDriver",
      "org.apache.derby.iapi.jdbc.AutoloadedDriver",
      "org.apache.derby.iapi.jdbc.InternalDriver",
      "org.apache.derby.client.ClientAutoloadedDriver"
    })
@Member(
    role = "jdbc.connection",
    type = {
      "org.apache.derby.impl.jdbc.EmbedConnection",
      "org.apache.derby.client.am.ClientConnection"
    },
    state = true)
@Member(role = "jdbc.connection", type = "org.apache.derby.client.net.NetConnection")
@Member(
    role = "jdbc.statement",
    type = {
      "org.apache.derby.impl.jdbc.EmbedStatement",
      "org.apache.derby.client.am.ClientStatement"
    },
    state = true)
@Member(
    role = "jdbc.statement",
    type = {
      "org.apache.derby.impl.jdbc.EmbedPreparedStatement",
      "org.apache.derby.impl.jdbc.EmbedCallableStatement",
      "org.apache.derby.client.am.ClientPreparedStatement"
    })
final class Derby {
  private Derby() {}
}
