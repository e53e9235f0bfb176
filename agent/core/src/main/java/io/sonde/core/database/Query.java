package io.sonde.core.database;

import org.jspecify.annotations.Nullable;

/**
 * What a statement's text says once its literals are out; one object a text, see {@link Queries}.
 *
 * <p>There is no db.operation.name and no db.collection.name of a text: the conventions for SQL
 * keep both for calls that name them otherwise, since a text may have several of each. {@link
 * #summary} has them all.
 */
public final class Query {
  /** db.query.text: the text with every literal replaced; null for JDBC's {@code {call …}}. */
  public final @Nullable String text;

  /** db.operation.name, for JDBC's {@code {call …}} only. */
  public final @Nullable String operation;

  /** db.stored_procedure.name. */
  public final @Nullable String procedure;

  /** db.query.summary. */
  public final @Nullable String summary;

  private @Nullable String batchSummary;

  Query(
      @Nullable String text,
      @Nullable String operation,
      @Nullable String procedure,
      @Nullable String summary) {
    this.text = text;
    this.operation = operation;
    this.procedure = procedure;
    this.summary = summary;
  }

  /** Whether there is nothing in the text to execute. */
  public boolean isEmpty() {
    return text != null && text.isEmpty();
  }

  /** db.query.summary of a batch of this. */
  public String batchSummary() {
    String batch = batchSummary;
    if (batch == null) {
      batchSummary = batch = summary == null ? "BATCH" : "BATCH " + summary;
    }
    return batch;
  }
}
