package io.sonde.instrumentation.jdbc;

import io.sonde.core.DatabaseSpan;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Database spans for any JDBC driver: batches. */
public final class JdbcBatch {
  private JdbcBatch() {}

  /** A text goes into the batch. */
  @Weave(type = "@jdbc.statement", method = "addBatch(java.lang.String)", optional = true)
  public static final class AddText {
    private AddText() {}

    /** It begins. */
    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static StatementState enter(@Advice.This Object statement) {
      StatementState state = StatementState.of(statement);
      state.beginAdd();
      return state;
    }

    /** It ends. */
    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Argument(0) @Nullable String sql,
        @Advice.Enter @Nullable StatementState state,
        @Advice.Thrown @Nullable Throwable thrown) {
      if (state != null) {
        state.endAdd(sql, thrown == null);
      }
    }
  }

  /** The parameters of a prepared statement go into the batch. */
  @Weave(type = "@jdbc.statement", method = "addBatch()", optional = true)
  public static final class AddParameters {
    private AddParameters() {}

    /** It begins. */
    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static StatementState enter(@Advice.This Object statement) {
      StatementState state = StatementState.of(statement);
      state.beginAdd();
      return state;
    }

    /** It ends. */
    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.Enter @Nullable StatementState state, @Advice.Thrown @Nullable Throwable thrown) {
      if (state != null) {
        state.endAdd(null, thrown == null);
      }
    }
  }

  /** The batch is emptied. */
  @Weave(type = "@jdbc.statement", method = "clearBatch()", optional = true)
  public static final class Clear {
    private Clear() {}

    /** It ends. */
    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This Object statement) {
      StatementState state = StatementState.known(statement);
      if (state != null) {
        state.clearBatch();
      }
    }
  }

  /** The batch is executed. */
  @Weave(
      type = "@jdbc.statement",
      method = {"executeBatch()", "executeLargeBatch()"},
      optional = true)
  public static final class Execute {
    private Execute() {}

    /** It begins. */
    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static @Nullable DatabaseSpan enter(@Advice.This Object statement) {
      return DatabaseSpan.wanted() ? StatementState.of(statement).startBatch() : null;
    }

    /** It ends, and the batch is empty. */
    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This Object statement,
        @Advice.Enter @Nullable DatabaseSpan span,
        @Advice.Thrown @Nullable Throwable thrown) {
      StatementState state = StatementState.known(statement);
      if (state != null) {
        state.clearBatch();
      }
      JdbcStatement.end(span, thrown);
    }
  }
}
