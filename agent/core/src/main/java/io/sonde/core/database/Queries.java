package io.sonde.core.database;

/**
 * The queries that were seen, so that a text is read once.
 *
 * <p>Bounded, see {@link QueryCache}. Only the first {@link #MAX_LENGTH} of a text are read; a text
 * longer than {@link #MAX_KEPT} is read each time.
 */
public final class Queries {
  static final int MAX_LENGTH = 32 * 1024;
  public static final int MAX_KEPT = 8 * 1024;

  private static volatile boolean sanitized = true;

  private Queries() {}

  /**
   * Whether literals are taken out; true unless the user wants them. Set before the first query.
   */
  public static void sanitized(boolean wanted) {
    sanitized = wanted;
  }

  /** The query of a text that is executed as it is. */
  public static Query of(Database database, String text) {
    return find(database.dialect, false, text);
  }

  /**
   * The query of a text that is prepared: its literals stay where it has parameters for what is
   * data.
   */
  public static Query prepared(Database database, String text) {
    return find(database.dialect, true, text);
  }

  private static Query find(Dialect dialect, boolean prepared, String text) {
    if (text.length() > MAX_KEPT) {
      return parse(dialect, prepared, text);
    }
    QueryCache seen = prepared ? dialect.prepared : dialect.executed;
    Query query = seen.get(text);
    if (query == null) {
      query = parse(dialect, prepared, text);
      seen.put(text, query);
    }
    return query;
  }

  private static Query parse(Dialect dialect, boolean prepared, String text) {
    String start = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
    if (!sanitized) {
      return SqlText.parseOnly(start, dialect);
    }
    return prepared ? SqlText.parsePrepared(start, dialect) : SqlText.parse(start, dialect);
  }

  /**
   * Several texts in one batch: all of them with {@code "; "} between where that is wanted, and
   * what they have in common.
   */
  public static Query batch(Query[] queries, int count, boolean texts) {
    Query first = queries[0];
    StringBuilder text = new StringBuilder();
    boolean sameSummary = true;
    boolean sameProcedure = true;
    for (int i = 0; i < count; i++) {
      String one = queries[i].text;
      if (one != null && texts && text.length() < MAX_LENGTH) {
        text.append(text.length() == 0 ? "" : "; ").append(one);
      }
      sameSummary &= first.summary != null && first.summary.equals(queries[i].summary);
      sameProcedure &= first.procedure != null && first.procedure.equals(queries[i].procedure);
    }
    return new Query(
        text.length() == 0 ? null : text.toString(),
        null,
        sameProcedure ? first.procedure : null,
        sameSummary ? first.summary : null);
  }
}
