package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * A statement's text without its literals, and what it does to what; one object a text, see {@link
 * Queries}.
 */
public final class Query {
  /** db.query.text: the text with every literal replaced. */
  public final String text;

  /** db.operation.name, where the text is one statement. */
  public final @Nullable String operation;

  /** db.collection.name, where the text names one only. */
  public final @Nullable String collection;

  /** db.stored_procedure.name. */
  public final @Nullable String procedure;

  /** db.query.summary. */
  public final @Nullable String summary;

  Query(
      String text,
      @Nullable String operation,
      @Nullable String collection,
      @Nullable String procedure,
      @Nullable String summary) {
    this.text = text;
    this.operation = operation;
    this.collection = collection;
    this.procedure = procedure;
    this.summary = summary;
  }

  void attributes(Span.Out out, int batchSize) {
    out.attribute(Names.DB_QUERY_TEXT, Limits.cut(text));
    if (summary != null) {
      out.attribute(Names.DB_QUERY_SUMMARY, batchSize > 1 ? "BATCH " + summary : summary);
    }
    if (operation != null) {
      out.attribute(Names.DB_OPERATION_NAME, batchSize > 1 ? "BATCH " + operation : operation);
    }
    if (collection != null) {
      out.attribute(Names.DB_COLLECTION_NAME, collection);
    }
    if (procedure != null) {
      out.attribute(Names.DB_STORED_PROCEDURE_NAME, procedure);
    }
  }
}
