package io.sonde.instrumentation.jdbc;

import io.sonde.core.DatabaseSpan;
import io.sonde.core.Weave;
import java.sql.Connection;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Statements of any JDBC driver's connections, with the text that they are prepared for. */
public final class JdbcConnection {
  private JdbcConnection() {}

  /** A statement for texts to come. */
  @Weave(
      type = "@jdbc.connection",
      method = {"createStatement()", "createStatement(int,int)", "createStatement(int,int,int)"},
      optional = true)
  public static final class Create {
    private Create() {}

    /** It was made. */
    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(
        @Advice.This Connection connection, @Advice.Return @Nullable Object statement) {
      StatementState.created(connection, statement, null);
    }
  }

  /** A statement for one text; some drivers have methods of their own, for their metadata too. */
  @Weave(
      type = "@jdbc.connection",
      method = {
        "prepareStatement(java.lang.String)",
        "prepareStatement(java.lang.String,int)",
        "prepareStatement(java.lang.String,int[])",
        "prepareStatement(java.lang.String,java.lang.String[])",
        "prepareStatement(java.lang.String,int,int)",
        "prepareStatement(java.lang.String,int,int,int)",
        "prepareCall(java.lang.String)",
        "prepareCall(java.lang.String,int,int)",
        "prepareCall(java.lang.String,int,int,int)",
        "prepareAutoCloseStatement(java.lang.String)",
        "prepareMetaDataStatement(java.lang.String)",
        "clientPrepareStatement(java.lang.String)",
        "clientPrepareStatement(java.lang.String,int,int)",
        "serverPrepareStatement(java.lang.String)",
        "serverPrepareStatement(java.lang.String,int,int)"
      },
      optional = true)
  public static final class Prepare {
    private Prepare() {}

    /** What the driver asks about the text is its own work. */
    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter() {
      DatabaseSpan.silence();
    }

    /** It was made, or not. */
    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This Connection connection,
        @Advice.Argument(0) @Nullable String sql,
        @Advice.Return @Nullable Object statement) {
      DatabaseSpan.resume();
      StatementState.created(connection, statement, sql);
    }
  }

  /** What some drivers do by statements of their own. */
  @Weave(
      type = "@jdbc.connection",
      method = {
        "commit()",
        "rollback()",
        "rollback(java.sql.Savepoint)",
        "setSavepoint()",
        "setSavepoint(java.lang.String)",
        "releaseSavepoint(java.sql.Savepoint)",
        "setAutoCommit(boolean)",
        "setReadOnly(boolean)",
        "isReadOnly()",
        "setTransactionIsolation(int)",
        "getTransactionIsolation()",
        "setCatalog(java.lang.String)",
        "getCatalog()",
        "setSchema(java.lang.String)",
        "getSchema()",
        "isValid(int)",
        "close()"
      },
      optional = true)
  public static final class Silent {
    private Silent() {}

    /** No spans from here. */
    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter() {
      DatabaseSpan.silence();
    }

    /** To here. */
    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit() {
      DatabaseSpan.resume();
    }
  }
}
