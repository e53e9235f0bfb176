package io.sonde.core;

import io.sonde.core.metrics.Instrument;
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

  private static volatile @Nullable Red current;
  private static volatile boolean exponential;

  private final RedTable server;
  private final RedTable client;
  private final RedTable database;
  private final RedTable messages;
  private final RedTable processed;
  private final RedTable[] tables;
  private final boolean exceptions;

  Red(int maxSeries) {
    this(maxSeries, false);
  }

  private Red(int maxSeries, boolean exceptions) {
    this.exceptions = exceptions;
    server = new Server(maxSeries);
    client = new Client(maxSeries);
    database = new DatabaseCalls(maxSeries);
    messages = new Messages(maxSeries);
    processed = new Processed(maxSeries);
    tables = new RedTable[] {server, client, database, messages, processed};
  }

  /** From now on calls are recorded, in so many series an instrument. */
  public static Red start(int maxSeries) {
    return start(maxSeries, false);
  }

  /**
   * The same.
   *
   * @param exceptions whether series of the HTTP server have the class of what was thrown, as
   *     {@link #EXCEPTION}
   */
  public static Red start(int maxSeries, boolean exceptions) {
    Red red = new Red(maxSeries, exceptions);
    current = red;
    return red;
  }

  /** Whether series that are made from now on are counted in exponential buckets too. */
  public static void exponential(boolean wanted) {
    exponential = wanted;
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
      span.red(red).record(span, Math.max(0, span.endNanos() - span.startNanos()), kept);
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
      @Nullable Throwable thrown) {
    String exception = exceptions && thrown != null ? thrown.getClass().getName() : null;
    return server.series(method, route, scheme, exception, version, errorType, status, 0);
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
      @Nullable String errorType) {
    RedTable table = process ? processed : messages;
    return table.series(system, operationName, operationType, destination, null, errorType, 0, 0);
  }

  @Override
  public void read(MetricReader reader) {
    Keeping.tidy();
    for (RedTable table : tables) {
      table.read(reader);
    }
    for (RedTable table : tables) {
      table.readMessages(reader);
    }
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

  /** Hands the calls that went to an overflow series to {@code reader}, by instrument. */
  public void readOverflow(MetricReader reader) {
    for (RedTable table : tables) {
      reader.number(Labels.of("sonde.instrument", table.instrument().name), table.overflowed());
    }
  }

  private static Instrument seconds(String name, String description) {
    return new Instrument(Instrument.Kind.HISTOGRAM, name, "s", description);
  }

  private static Instrument messages(String name, String description) {
    return new Instrument(Instrument.Kind.COUNTER, name, "{message}", description);
  }

  private static @Nullable Long positive(int number) {
    return number > 0 ? (Long) (long) number : null;
  }

  private static final class Server extends RedTable {
    Server(int maxSeries) {
      super(
          maxSeries,
          seconds("http.server.request.duration", "Duration of HTTP server requests."),
          RedBounds.HTTP);
    }

    @Override
    Labels labels(
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String e,
        @Nullable String error,
        int status,
        int port) {
      return Labels.of(
          Names.HTTP_REQUEST_METHOD,
          a,
          Names.HTTP_ROUTE,
          b,
          Names.URL_SCHEME,
          c,
          Names.HTTP_RESPONSE_STATUS_CODE,
          positive(status),
          Names.NETWORK_PROTOCOL_VERSION,
          e,
          Names.ERROR_TYPE,
          error,
          EXCEPTION,
          d);
    }
  }

  private static final class Client extends RedTable {
    Client(int maxSeries) {
      super(
          maxSeries,
          seconds("http.client.request.duration", "Duration of HTTP client requests."),
          RedBounds.HTTP);
    }

    @Override
    Labels labels(
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String e,
        @Nullable String error,
        int status,
        int port) {
      return Labels.of(
          Names.HTTP_REQUEST_METHOD,
          a,
          Names.SERVER_ADDRESS,
          b,
          Names.SERVER_PORT,
          positive(port),
          Names.HTTP_RESPONSE_STATUS_CODE,
          positive(status),
          Names.NETWORK_PROTOCOL_VERSION,
          c,
          Names.ERROR_TYPE,
          error);
    }
  }

  private static final class DatabaseCalls extends RedTable {
    DatabaseCalls(int maxSeries) {
      super(
          maxSeries,
          seconds("db.client.operation.duration", "Duration of database client operations."),
          RedBounds.DATABASE);
    }

    @Override
    Labels labels(
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String e,
        @Nullable String error,
        int status,
        int port) {
      return Labels.of(
          Names.DB_SYSTEM_NAME,
          a,
          Names.DB_NAMESPACE,
          b,
          Names.DB_QUERY_SUMMARY,
          c,
          Names.DB_STORED_PROCEDURE_NAME,
          e,
          Names.SERVER_ADDRESS,
          d,
          Names.SERVER_PORT,
          positive(port),
          Names.DB_RESPONSE_STATUS_CODE,
          status > 0 ? error : null,
          Names.ERROR_TYPE,
          error);
    }
  }

  /** What both instruments of messaging have in common. */
  private abstract static class Messaging extends RedTable {
    Messaging(int maxSeries, Instrument instrument, Instrument messages) {
      super(maxSeries, instrument, RedBounds.HTTP, messages);
    }

    @Override
    Labels labels(
        String a,
        @Nullable String b,
        @Nullable String c,
        @Nullable String d,
        @Nullable String e,
        @Nullable String error,
        int status,
        int port) {
      return Labels.of(
          Names.MESSAGING_SYSTEM,
          a,
          Names.MESSAGING_OPERATION_NAME,
          b,
          Names.MESSAGING_OPERATION_TYPE,
          c,
          Names.MESSAGING_DESTINATION_NAME,
          d,
          Names.ERROR_TYPE,
          error);
    }
  }

  private static final class Messages extends Messaging {
    Messages(int maxSeries) {
      super(
          maxSeries,
          seconds(
              "messaging.client.operation.duration",
              "Duration of messaging operations initiated by a producer or consumer client."),
          messages(
              "messaging.client.sent.messages", "Messages that a producer attempted to send."));
    }
  }

  private static final class Processed extends Messaging {
    Processed(int maxSeries) {
      super(
          maxSeries,
          seconds("messaging.process.duration", "Duration of processing operations."),
          messages(
              "messaging.client.consumed.messages", "Messages that the application worked on."));
    }
  }
}
