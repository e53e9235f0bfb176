package io.sonde.core;

import io.sonde.core.database.Database;
import io.sonde.core.database.Query;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import org.jspecify.annotations.Nullable;

/**
 * Rate, errors and duration of every call, sampled or not: one histogram a series, found through
 * the route, method and status that the span has in hand.
 *
 * <p>Recording allocates nothing once the series exists. Each instrument has a bounded number of
 * series; what comes after goes to the instrument's overflow series and is counted there.
 */
public final class Red implements MetricSource {
  /** The label of a series that {@link #start} was asked to tell apart by exception. */
  public static final String EXCEPTION = "exception.type";

  /** The label of a series of requests that no span called, where these were to be told apart. */
  public static final String ROOT = "sonde.root";

  private static volatile @Nullable Red current;
  private static volatile boolean exponential;
  private static volatile boolean exemplars = true;

  private final RedTable server;
  private final RedTable client;
  private final RedTable database;
  private final RedTable messages;
  private final RedTable processed;
  private final RedTable delivered;
  private final RedTable[] tables;
  private final boolean exceptions;
  private final boolean roots;

  Red(int maxSeries) {
    this(maxSeries, false, false);
  }

  private Red(int maxSeries, boolean exceptions, boolean roots) {
    this.exceptions = exceptions;
    this.roots = roots;
    server = new RedTables.Server(maxSeries);
    client = new RedTables.Client(maxSeries);
    database = new RedTables.DatabaseCalls(maxSeries);
    messages = new RedTables.Messages(maxSeries);
    processed = new RedTables.Processed(maxSeries);
    delivered = new RedTables.Delivered(maxSeries);
    tables = new RedTable[] {server, client, database, messages, processed};
  }

  /** From now on calls are recorded, in so many series an instrument. */
  public static Red start(int maxSeries) {
    return start(maxSeries, false, false);
  }

  /**
   * The same.
   *
   * @param exceptions whether series of the HTTP server have the class of what was thrown, as
   *     {@link #EXCEPTION}
   * @param roots whether they tell requests apart that no span called, as {@link #ROOT}
   */
  public static Red start(int maxSeries, boolean exceptions, boolean roots) {
    Red red = new Red(maxSeries, exceptions, roots);
    current = red;
    return red;
  }

  /** Whether series that are made from now on are counted in exponential buckets too. */
  public static void exponential(boolean wanted) {
    exponential = wanted;
  }

  /** Whether calls that are recorded from now on may be exemplars. */
  public static void exemplars(boolean wanted) {
    exemplars = wanted;
  }

  static boolean exponential() {
    return exponential;
  }

  static void stop() {
    current = null;
  }

  /** Records a span that has ended; {@code kept} where it leaves the agent. */
  static void record(Span span, boolean kept) {
    Red red = current;
    if (red != null) {
      long duration = Math.max(0, span.endNanos() - span.startNanos());
      span.red(red).record(span, duration, kept && exemplars);
    }
  }

  /** As {@link RedSeries#settle}, for all. */
  static void settle() {
    Red red = current;
    for (int i = 0; red != null && i < red.tables.length; i++) {
      red.tables[i].settle();
    }
  }

  RedSeries server(
      String method,
      @Nullable String route,
      @Nullable String scheme,
      @Nullable String version,
      int status,
      @Nullable String errorType,
      @Nullable Throwable thrown,
      boolean root) {
    String exception = exceptions && thrown != null ? thrown.getClass().getName() : null;
    int caller = roots && root ? 1 : 0;
    return server.series(method, route, scheme, exception, version, errorType, status, caller);
  }

  RedSeries client(
      String method,
      @Nullable String host,
      int port,
      @Nullable String version,
      int status,
      @Nullable String errorType) {
    return client.series(method, host, version, null, null, errorType, status, port);
  }

  /**
   * A call to a database.
   *
   * @param coded whether {@code errorType} is the database's own code
   */
  RedSeries database(
      Database target,
      @Nullable Query query,
      @Nullable String summary,
      @Nullable String errorType,
      boolean coded) {
    String procedure = query == null ? null : query.procedure;
    return database.series(
        target.system,
        target.namespace,
        summary,
        target.host,
        procedure,
        errorType,
        coded ? 1 : 0,
        target.port);
  }

  RedSeries messaging(
      String system,
      String operationName,
      String operationType,
      boolean process,
      @Nullable String destination,
      @Nullable String group,
      @Nullable String errorType) {
    RedTable table = process ? processed : messages;
    return table.series(system, operationName, operationType, destination, group, errorType, 0, 0);
  }

  /** A consumer got so many messages. */
  static void delivered(
      String system, String operationName, String destination, @Nullable String group, int count) {
    Red red = current;
    if (red != null) {
      red.delivered
          .series(system, operationName, null, destination, group, null, 0, 0)
          .deliver(count);
    }
  }

  @Override
  public void read(MetricReader reader) {
    Keeping.tidy();
    for (RedTable table : tables) {
      table.read(reader);
    }
    messages.readMessages(reader);
    delivered.readMessages(reader);
  }

  /** Whether no call was recorded yet. */
  public boolean isEmpty() {
    for (RedTable table : tables) {
      if (!table.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** How many calls were recorded; messages that were polled are none. */
  public long calls() {
    long calls = 0;
    for (RedTable table : tables) {
      calls += table.calls();
    }
    return calls;
  }

  /** Hands the calls that went to an overflow series to {@code reader}, by instrument. */
  public void readOverflow(MetricReader reader) {
    for (RedTable table : tables) {
      overflow(table, reader);
    }
    overflow(delivered, reader);
  }

  private static void overflow(RedTable table, MetricReader reader) {
    reader.number(Labels.of("sonde.instrument", table.instrument().name), table.overflowed());
  }
}
