package io.sonde.instrumentation.jdbc;

import io.sonde.core.DatabaseSpan;
import io.sonde.core.Member;
import io.sonde.core.Weave;
import java.sql.Connection;
import java.util.Properties;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Which database a connection of any JDBC driver is to, from the URL that the driver was given. */
@Member(role = "jdbc.driver", loaded = "java.sql.Driver")
@Weave(
    type = "@jdbc.driver",
    method = "connect(java.lang.String,java.util.Properties)",
    optional = true)
public final class JdbcDriver {
  private JdbcDriver() {}

  /** What the driver executes to make a connection is its own work. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter() {
    DatabaseSpan.silence();
  }

  /** A connection was made, or not. */
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void exit(
      @Advice.Argument(0) @Nullable String url,
      @Advice.Argument(1) @Nullable Properties properties,
      @Advice.Return @Nullable Connection connection) {
    DatabaseSpan.resume();
    if (connection != null) {
      Connections.opened(connection, url, properties);
    }
  }
}
