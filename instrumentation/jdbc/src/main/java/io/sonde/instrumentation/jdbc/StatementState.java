package io.sonde.instrumentation.jdbc;

import io.sonde.core.Attachable;
import io.sonde.core.Attached;
import io.sonde.core.DatabaseSpan;
import io.sonde.core.Discovery;
import io.sonde.core.database.Database;
import io.sonde.core.database.Databases;
import io.sonde.core.database.Queries;
import io.sonde.core.database.Query;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What we know of one statement: its database, its text where it is prepared, and its batch.
 *
 * <p>Used as the statement is, by one thread at a time.
 */
final class StatementState {
  private static final Attached<StatementState> STATES = new Attached<>();
  private static final int MAX_TEXTS = 100;

  private final Database database;
  private final @Nullable String sql;
  private final @Nullable Query query;

  private int adding;
  private int batchSize;
  private @Nullable Query batch;
  private Query @Nullable [] batchTexts;

  private StatementState(Database database, @Nullable String sql) {
    this.database = database;
    this.sql = sql;
    query = sql == null ? null : Queries.prepared(database, sql);
  }

  /** A connection made a statement, for this text where it is prepared. */
  static void created(Connection connection, @Nullable Object made, @Nullable String sql) {
    if (made == null) {
      return;
    }
    Object statement = inside(made);
    StatementState state = STATES.get(statement);
    if (state == null || sql != null && !sql.equals(state.sql)) {
      STATES.set(statement, new StatementState(Connections.of(connection), sql));
    } else if (state.database.namespace == null && Connections.of(connection).namespace != null) {
      // Made by one host's connection; the one around it, for all hosts, knows what they are.
      STATES.set(statement, new StatementState(Connections.of(connection), state.sql));
    } else {
      // From the driver's own cache, or on its way out through several methods of the connection.
      state.clearBatch();
    }
    if (!(statement instanceof Attachable) && !(statement instanceof Proxy)) {
      Discovery.seen(statement, "jdbc.statement");
    }
  }

  /** What a java.lang.reflect.Proxy is for, where it says so. */
  private static Object inside(Object statement) {
    if (!(statement instanceof Proxy)) {
      return statement;
    }
    try {
      Object inside = ((Statement) statement).unwrap(Statement.class);
      return inside == null ? statement : inside;
    } catch (SQLException | RuntimeException | LinkageError e) {
      return statement;
    }
  }

  /** The state of a statement; one that was made unseen has no text. */
  static StatementState of(Object statement) {
    StatementState state = STATES.get(statement);
    if (state == null) {
      STATES.set(statement, state = new StatementState(databaseOf(statement), null));
    }
    return state;
  }

  static @Nullable StatementState known(Object statement) {
    return STATES.get(statement);
  }

  private static Database databaseOf(Object statement) {
    try {
      Connection connection = ((Statement) statement).getConnection();
      return connection == null ? Databases.UNKNOWN : Connections.of(connection);
    } catch (SQLException e) {
      return Databases.UNKNOWN;
    }
  }

  /** Starts the span of a call with this text, or of the prepared one. */
  @Nullable DatabaseSpan start(@Nullable String text) {
    Query executed = text == null ? query : Queries.of(database, text);
    if (executed != null && executed.isEmpty()) {
      // Nothing to execute: how a driver asks whether the connection is alive.
      return null;
    }
    DatabaseSpan span = DatabaseSpan.start(database, executed);
    if (span != null) {
      span.enter();
    }
    return span;
  }

  /** Starts the span of a batch. */
  @Nullable DatabaseSpan startBatch() {
    Query first = batchTexts != null ? null : batch != null ? batch : query;
    DatabaseSpan span = DatabaseSpan.start(database, first);
    if (span != null) {
      if (batchTexts != null) {
        span.batch(batchTexts, Math.min(batchSize, MAX_TEXTS), batchSize);
      } else {
        span.batchSize(batchSize);
      }
      span.enter();
    }
    return span;
  }

  /** A method that adds to the batch begins; others of the driver may run below it. */
  void beginAdd() {
    adding++;
  }

  /** It ends. */
  void endAdd(@Nullable String text, boolean added) {
    if (--adding == 0 && added) {
      add(text == null ? query : Queries.of(database, text));
    }
  }

  private void add(@Nullable Query added) {
    Query first = batch;
    if (batchSize == 0) {
      batch = added;
    } else if (added != null && first != null && (batchTexts != null || added != first)) {
      addText(first, added);
    }
    batchSize++;
  }

  private void addText(Query first, Query added) {
    if (batchSize >= MAX_TEXTS) {
      return;
    }
    Query[] texts = batchTexts;
    if (texts == null) {
      texts = new Query[8];
    }
    if (batchSize >= texts.length) {
      texts = Arrays.copyOf(texts, Math.min(MAX_TEXTS, Math.max(batchSize + 1, texts.length * 2)));
    }
    if (batchTexts == null) {
      Arrays.fill(texts, 0, batchSize, first);
    }
    texts[batchSize] = added;
    batchTexts = texts;
  }

  void clearBatch() {
    batchSize = 0;
    batch = null;
    batchTexts = null;
  }
}
