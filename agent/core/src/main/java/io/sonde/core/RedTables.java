package io.sonde.core;

import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import org.jspecify.annotations.Nullable;

/** The instruments by which calls are counted: names, buckets and labels of the conventions. */
final class RedTables {
  private RedTables() {}

  private static Instrument seconds(String name, String description) {
    return new Instrument(Instrument.Kind.HISTOGRAM, name, "s", description);
  }

  private static Instrument messages(String name, String description) {
    return new Instrument(Instrument.Kind.COUNTER, name, "{message}", description);
  }

  private static @Nullable Long positive(int number) {
    return number > 0 ? (Long) (long) number : null;
  }

  static final class Server extends RedTable {
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
          Red.EXCEPTION,
          d,
          Red.ROOT,
          port > 0 ? true : null);
    }
  }

  static final class Client extends RedTable {
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

  static final class DatabaseCalls extends RedTable {
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

  /** What all instruments of messaging have in common. */
  private abstract static class Messaging extends RedTable {
    Messaging(
        int maxSeries, Instrument instrument, RedBounds bounds, @Nullable Instrument messages) {
      super(maxSeries, instrument, bounds, messages);
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
          Names.MESSAGING_CONSUMER_GROUP_NAME,
          e,
          Names.ERROR_TYPE,
          error);
    }
  }

  static final class Messages extends Messaging {
    Messages(int maxSeries) {
      super(
          maxSeries,
          seconds(
              "messaging.client.operation.duration",
              "Duration of messaging operations initiated by a producer or consumer client."),
          RedBounds.HTTP,
          messages(
              "messaging.client.sent.messages", "Messages that a producer attempted to send."));
    }
  }

  static final class Processed extends Messaging {
    Processed(int maxSeries) {
      super(
          maxSeries,
          seconds("messaging.process.duration", "Duration of processing operations."),
          RedBounds.HTTP,
          null);
    }
  }

  /** Only counts, whoever works on the messages. */
  static final class Delivered extends Messaging {
    private static final Instrument MESSAGES =
        messages("messaging.client.consumed.messages", "Messages that the application was given.");

    Delivered(int maxSeries) {
      super(maxSeries, MESSAGES, RedBounds.NONE, MESSAGES);
    }
  }
}
