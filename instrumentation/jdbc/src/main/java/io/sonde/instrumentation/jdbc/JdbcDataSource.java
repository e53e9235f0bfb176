package io.sonde.instrumentation.jdbc;

import io.sonde.core.Attachable;
import io.sonde.core.Member;
import io.sonde.core.Weave;
import java.sql.Connection;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Connections of drivers that are asked through a DataSource of their own only. */
@Member(role = "jdbc.datasource", loaded = "javax.sql.DataSource")
@Weave(
    type = "@jdbc.datasource",
    method = {"getConnection()", "getConnection(java.lang.String,java.lang.String)"},
    optional = true)
public final class JdbcDataSource {
  private JdbcDataSource() {}

  /** A connection was made. */
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void exit(@Advice.Return @Nullable Connection connection) {
    if (connection != null && !(connection instanceof Attachable)) {
      Connections.given(connection);
    }
  }
}
