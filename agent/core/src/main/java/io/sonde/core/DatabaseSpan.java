package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** A call to a database. */
public final class DatabaseSpan extends Span {
  private final Database database;
  private final @Nullable Query query;
  private int batchSize;
  private @Nullable String responseCode;

  private DatabaseSpan(Database database, @Nullable Query query, @Nullable Span parent) {
    super(DATABASE, parent, null);
    this.database = database;
    this.query = query;
  }

  /**
   * Starts the span of a call, or returns null where tracing is off or a database span is the
   * context already.
   */
  public static @Nullable DatabaseSpan start(Database database, @Nullable Query query) {
    if (!Tracing.on()) {
      return null;
    }
    Span parent = current(Slot.peek());
    return suppressed(parent, DATABASE) ? null : new DatabaseSpan(database, query, parent);
  }

  /** How many statements go in one batch; less than two is no batch. */
  public void batchSize(int size) {
    batchSize = size;
  }

  /** The database's own code of a failure. */
  public void responseCode(@Nullable String code) {
    if (!isEnded()) {
      responseCode = code;
    }
  }

  @Override
  void red(Red red, long nanos) {
    red.database(database, query, errorType(), nanos);
  }

  @Override
  public String name() {
    if (query != null && query.summary != null) {
      return batchSize > 1 ? "BATCH " + query.summary : query.summary;
    }
    if (batchSize > 1) {
      return "BATCH";
    }
    return database.namespace != null ? database.namespace : database.system;
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
        out.attribute(Names.SERVER_PORT, (long) database.port);
      }
    }
    if (query != null) {
      query.attributes(out, batchSize);
    }
    if (batchSize > 1) {
      out.attribute(Names.DB_OPERATION_BATCH_SIZE, (long) batchSize);
    }
    if (responseCode != null) {
      out.attribute(Names.DB_RESPONSE_STATUS_CODE, responseCode);
    }
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
