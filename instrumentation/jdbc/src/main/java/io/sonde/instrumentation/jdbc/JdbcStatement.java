package io.sonde.instrumentation.jdbc;

import io.sonde.core.DatabaseSpan;
import io.sonde.core.Weave;
import java.sql.SQLException;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Database spans for any JDBC driver: statements, prepared statements and calls. */
public final class JdbcStatement {
  private JdbcStatement() {}

  static void end(@Nullable DatabaseSpan span, @Nullable Throwable thrown) {
    if (span == null) {
      return;
    }
    span.leave();
    if (thrown instanceof SQLException) {
      SQLException failure = (SQLException) thrown;
      span.failed(failure.getSQLState(), failure.getErrorCode());
    }
    span.end(thrown);
  }

  /** A text is executed. */
  @Weave(
      type = "@jdbc.statement",
      method = {
        "execute(java.lang.String)",
        "execute(java.lang.String,int)",
        "execute(java.lang.String,int[])",
        "execute(java.lang.String,java.lang.String[])",
        "executeQuery(java.lang.String)",
        "executeUpdate(java.lang.String)",
        "executeUpdate(java.lang.String,int)",
        "executeUpdate(java.lang.String,int[])",
        "executeUpdate(java.lang.String,java.lang.String[])",
        "executeLargeUpdate(java.lang.String)",
        "executeLargeUpdate(java.lang.String,int)",
        "executeLargeUpdate(java.lang.String,int[])",
        "executeLargeUpdate(java.lang.String,java.lang.String[])"
      },
      optional = true)
  public static final class Text {
    private Text() {}

    /** It begins. */
    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable DatabaseSpan enter(
        @Advice.This Object statement, @Advice.Argument(0) @Nullable String sql) {
      return sql == null || !DatabaseSpan.wanted() ? null : StatementState.of(statement).start(sql);
    }

    /** It ends. */
    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable DatabaseSpan span, @Advice.Thrown @Nullable Throwable thrown) {
      end(span, thrown);
    }
  }

  /** A prepared statement is executed. */
  @Weave(
      type = "@jdbc.statement",
      method = {"execute()", "executeQuery()", "executeUpdate()", "executeLargeUpdate()"},
      optional = true)
  public static final class Prepared {
    private Prepared() {}

    /** It begins. */
    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable DatabaseSpan enter(@Advice.This Object statement) {
      return DatabaseSpan.wanted() ? StatementState.of(statement).start(null) : null;
    }

    /** It ends. */
    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable DatabaseSpan span, @Advice.Thrown @Nullable Throwable thrown) {
      end(span, thrown);
    }
  }

  /** What some drivers do by statements of their own. */
  @Weave(
      type = "@jdbc.statement",
      method = {
        "getGeneratedKeys()",
        "getMetaData()",
        "getParameterMetaData()",
        "cancel()",
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
