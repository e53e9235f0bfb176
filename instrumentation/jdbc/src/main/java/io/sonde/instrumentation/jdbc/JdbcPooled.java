package io.sonde.instrumentation.jdbc;

import io.sonde.core.Attachable;
import io.sonde.core.Discovery;
import io.sonde.core.Member;
import io.sonde.core.Weave;
import java.sql.Connection;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Connections of any JDBC driver that are asked for through its XA or pooling DataSource. */
public final class JdbcPooled {
  private JdbcPooled() {}

  /** A connection for a pool or a transaction manager was made. */
  @Member(role = "jdbc.pooling", loaded = "javax.sql.XADataSource")
  @Member(role = "jdbc.pooling", loaded = "javax.sql.ConnectionPoolDataSource")
  @Weave(
      type = "@jdbc.pooling",
      method = {
        "getXAConnection()",
        "getXAConnection(java.lang.String,java.lang.String)",
        "getPooledConnection()",
        "getPooledConnection(java.lang.String,java.lang.String)"
      },
      optional = true)
  public static final class Source {
    private Source() {}

    /** It was made. */
    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.Return @Nullable Object pooled) {
      if (pooled != null && !Connections.ofNamedDriver(pooled.getClass())) {
        Discovery.seen(pooled, "jdbc.pooled");
      }
    }
  }

  /** It hands out what the application uses. */
  @Weave(type = "@jdbc.pooled", method = "getConnection()", optional = true)
  public static final class Handle {
    private Handle() {}

    /** It did. */
    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.Return @Nullable Connection connection) {
      if (connection != null && !(connection instanceof Attachable)) {
        Connections.given(Connections.inside(connection));
      }
    }
  }
}
