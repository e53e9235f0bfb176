package io.sonde.core;

import io.sonde.core.database.Database;
import io.sonde.core.database.Queries;
import io.sonde.core.database.Query;
import org.jspecify.annotations.Nullable;

/** A call to a database. */
public final class DatabaseSpan extends Span {
  private static final int NO_BATCH = 1;

  private final Database database;
  private @Nullable Query query;
  private int batchSize = NO_BATCH;
  private @Nullable String responseCode;

  private DatabaseSpan(Database database, @Nullable Query query, @Nullable Span parent) {
    super(DATABASE, parent, null, null);
    this.database = database;
    this.query = query;
  }

  /**
   * Starts the span of a call, or returns null where tracing is off or a database span is the
   * context already.
   */
  public static @Nullable DatabaseSpan start(Database database, @Nullable Query query) {
    Slot slot = Slot.peek();
    Span parent = current(slot);
    return wanted(slot, parent) ? new DatabaseSpan(database, query, parent) : null;
  }

  /** Whether {@link #start} would make a span, for what is costly to prepare. */
  public static boolean wanted() {
    Slot slot = Slot.peek();
    return wanted(slot, current(slot));
  }

  private static boolean wanted(@Nullable Slot slot, @Nullable Span parent) {
    return Tracing.on() && !(slot != null && slot.silent > 0) && !suppressed(parent, DATABASE);
  }

  /**
   * From here to {@link #resume}, what this thread does makes no database spans: it is a driver's
   * own work.
   */
  public static void silence() {
    Slot.get().silent++;
  }

  /** Ends {@link #silence}. */
  public static void resume() {
    Slot slot = Slot.get();
    if (slot.silent > 0) {
      slot.silent--;
    }
  }

  /** How many statements go in one batch; one is no batch. */
  public void batchSize(int size) {
    batchSize = size;
  }

  /** The statements of a batch that are not all the same. */
  public void batch(Query[] queries, int count, int size) {
    query = Queries.batch(queries, count, exported());
    batchSize = size;
  }

  /** The codes of a failure as JDBC has them. */
  public void failed(@Nullable String sqlState, int vendorCode) {
    if (!isEnded()) {
      responseCode = ResponseCode.of(database.system, sqlState, vendorCode);
    }
  }

  @Override
  RedSeries red(Red red) {
    boolean coded = responseCode != null && thrown() != null;
    return red.database(database, query, summary(), errorType(), coded);
  }

  @Override
  public String name() {
    String summary = summary();
    return summary != null ? summary : database.name();
  }

  private @Nullable String summary() {
    if (isBatch()) {
      return query == null ? "BATCH" : query.batchSummary();
    }
    return query == null ? null : query.summary;
  }

  private boolean isBatch() {
    return batchSize != NO_BATCH;
  }

  @Override
  public int otlpKind() {
    return 3;
  }

  @Override
  public void fields(Out out) {
    out.attribute(Names.DB_SYSTEM_NAME, database.system);
    if (database.namespace != null) {
      out.attribute(Names.DB_NAMESPACE, database.namespace);
    }
    if (database.host != null) {
      out.attribute(Names.SERVER_ADDRESS, database.host);
      if (database.port > 0) {
        out.attribute(Names.SERVER_PORT, database.port);
      }
    }
    if (query != null) {
      attributes(out, query);
    }
    String summary = summary();
    if (summary != null) {
      out.attribute(Names.DB_QUERY_SUMMARY, summary);
    }
    if (isBatch()) {
      out.attribute(Names.DB_OPERATION_BATCH_SIZE, batchSize);
    }
    if (responseCode != null) {
      out.attribute(Names.DB_RESPONSE_STATUS_CODE, responseCode);
    }
  }

  private void attributes(Out out, Query query) {
    if (query.text != null) {
      out.attribute(Names.DB_QUERY_TEXT, Limits.cut(query.text));
    }
    if (query.operation != null) {
      out.attribute(
          Names.DB_OPERATION_NAME, isBatch() ? "BATCH " + query.operation : query.operation);
    }
    if (query.procedure != null) {
      out.attribute(Names.DB_STORED_PROCEDURE_NAME, query.procedure);
    }
  }

  @Override
  public int weight() {
    String text = query == null ? null : query.text;
    // Others have the text, too, unless it is too long to be kept, or a batch's.
    boolean own = isBatch() || length(text) > Queries.MAX_KEPT;
    return super.weight() + (own ? length(text) : 0);
  }

  @Override
  public @Nullable String errorType() {
    Throwable thrown = thrown();
    if (thrown == null) {
      return null;
    }
    return responseCode != null ? responseCode : thrown.getClass().getName();
  }
}
