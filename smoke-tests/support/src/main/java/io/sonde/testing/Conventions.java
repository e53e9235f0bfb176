package io.sonde.testing;

import io.sonde.testing.ReceivedSpan.Event;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Holds spans against the tables of OpenTelemetry's semantic conventions 1.44: for each kind of
 * span the attributes that there are, with their type and requirement level, and what the text
 * beside the tables says of name, kind and status.
 */
public final class Conventions {
  /** The page on HTTP spans, its table of server spans without what has to be opted in to. */
  private static final String HTTP_SERVER =
      """
      http.request.method           string  required
      url.path                      string  required
      url.scheme                    string  required
      error.type                    string  conditional
      http.request.method_original  string  conditional
      http.response.status_code     int     conditional
      http.route                    string  conditional
      network.protocol.name         string  conditional
      server.port                   int     conditional
      url.query                     string  conditional
      client.address                string  recommended
      network.peer.address          string  recommended
      network.peer.port             int     recommended
      network.protocol.version      string  recommended
      server.address                string  recommended
      user_agent.original           string  recommended
      """;

  private static final String HTTP_CLIENT =
      """
      http.request.method           string  required
      server.address                string  required
      server.port                   int     required
      url.full                      string  required
      error.type                    string  conditional
      http.request.method_original  string  conditional
      http.response.status_code     int     conditional
      network.protocol.name         string  conditional
      http.request.resend_count     int     recommended
      network.peer.address          string  recommended
      network.peer.port             int     recommended
      network.protocol.version      string  recommended
      """;

  /** The page on SQL, with the system from the one on all databases. */
  private static final String DATABASE =
      """
      db.system.name                string  required
      db.namespace                  string  conditional
      db.response.status_code       string  conditional
      error.type                    string  conditional
      server.port                   int     conditional
      db.collection.name            string  recommended
      db.operation.batch.size       int     recommended
      db.operation.name             string  recommended
      db.query.summary              string  recommended
      db.query.text                 string  recommended
      db.stored_procedure.name      string  recommended
      server.address                string  recommended
      """;

  /** The page on messaging with what the one on Kafka adds. */
  private static final String MESSAGING =
      """
      messaging.operation.name            string   required
      messaging.system                    string   required
      error.type                          string   conditional
      messaging.batch.message_count       int      conditional
      messaging.consumer.group.name       string   conditional
      messaging.destination.name          string   conditional
      messaging.operation.type            string   conditional
      server.address                      string   conditional
      messaging.kafka.message.tombstone   boolean  conditional
      messaging.client.id                 string   recommended
      messaging.destination.partition.id  string   recommended
      messaging.kafka.message.key         string   recommended
      messaging.kafka.offset              int      recommended
      messaging.message.id                string   recommended
      server.port                         int      recommended
      """;

  /** The page on exceptions in spans; one of the first two is required. */
  private static final String EXCEPTION =
      """
      exception.message     string  conditional
      exception.type        string  conditional
      exception.stacktrace  string  recommended
      """;

  private Conventions() {}

  /** Fails with all that spans do otherwise. */
  public static void check(List<ReceivedSpan> spans) {
    Map<String, String> wrong = new LinkedHashMap<>();
    for (ReceivedSpan span : spans) {
      for (String what : of(span)) {
        wrong.putIfAbsent(what, span.toString());
      }
    }
    if (!wrong.isEmpty()) {
      throw new AssertionError("against the semantic conventions: " + wrong);
    }
  }

  /** What this span does otherwise. */
  static List<String> of(ReceivedSpan span) {
    Found found = new Found(span.attributes());
    if (span.attributes().containsKey("db.system.name")) {
      found.table(DATABASE, span.droppedAttributes() > 0);
      found.expect(span.kind() == Kind.CLIENT, "a database span of kind " + span.kind());
      database(span, found);
    } else if (span.attributes().containsKey("messaging.system")) {
      found.table(MESSAGING, span.droppedAttributes() > 0);
      messaging(span, found);
    } else if (span.kind() == Kind.SERVER) {
      found.table(HTTP_SERVER, span.droppedAttributes() > 0);
      http(span, found, 500);
    } else {
      found.table(HTTP_CLIENT, span.droppedAttributes() > 0);
      found.expect(span.kind() == Kind.CLIENT, "a span of kind " + span.kind());
      http(span, found, 400);
    }
    common(span, found);
    return found.wrong;
  }

  private static void common(ReceivedSpan span, Found found) {
    boolean failed = found.has("error.type");
    found.expect(
        span.status() == (failed ? Status.ERROR : Status.UNSET),
        "status " + span.status() + (failed ? " with" : " without") + " error.type");
    found.expect(found.has("server.address") || !found.has("server.port"), "a port of no server");
    found.expect(
        found.has("network.peer.address") || !found.has("network.peer.port"), "a port of no peer");
    for (Event event : span.events()) {
      found.expect(event.name().equals("exception"), "an event " + event.name());
      Found exception = new Found(event.attributes());
      exception.table(EXCEPTION, false);
      exception.expect(
          exception.has("exception.type") || exception.has("exception.message"),
          "an exception without type and message");
      found.wrong.addAll(exception.wrong);
    }
  }

  /** Statuses from {@code failing} on are errors; the method and the route are the name. */
  private static void http(ReceivedSpan span, Found found, int failing) {
    String method = found.text("http.request.method");
    boolean other = method.equals("_OTHER");
    found.expect(
        other == found.has("http.request.method_original"),
        "http.request.method " + method + " and the original " + !other);
    String verb = other ? "HTTP" : method;
    String route = found.text("http.route");
    String name = route.isEmpty() ? verb : verb + ' ' + route;
    found.expect(span.name().equals(name), "the name " + span.name() + " instead of " + name);
    long status = found.number("http.response.status_code");
    found.expect(
        status < failing || found.has("error.type"), "status " + status + " without error.type");
    found.expect(
        status < 400 || status >= failing || span.status() != Status.ERROR,
        "status " + status + " as an error");
    found.expect(span.statusMessage().isEmpty(), "a description of what the status code says");
  }

  /** The summary is the name where there is one, else the namespace, the server, the system. */
  private static void database(ReceivedSpan span, Found found) {
    String server = found.text("server.address");
    String name =
        found.has("db.query.summary")
            ? found.text("db.query.summary")
            : found.has("db.namespace")
                ? found.text("db.namespace")
                : found.has("server.port")
                    ? server + ':' + found.number("server.port")
                    : server.isEmpty() ? found.text("db.system.name") : server;
    found.expect(span.name().equals(name), "the name " + span.name() + " instead of " + name);
    found.expect(found.number("db.operation.batch.size") != 1, "a single operation as a batch");
    String code = found.text("db.response.status_code");
    found.expect(
        code.isEmpty() || code.equals(found.text("error.type")), "another error.type than " + code);
  }

  /** The operation and its destination are the name, and the type goes with the kind. */
  private static void messaging(ReceivedSpan span, Found found) {
    String operation = found.text("messaging.operation.name");
    String destination = found.text("messaging.destination.name");
    String name = destination.isEmpty() ? operation : operation + ' ' + destination;
    found.expect(span.name().equals(name), "the name " + span.name() + " instead of " + name);
    String type = found.text("messaging.operation.type");
    Kind kind =
        switch (type) {
          case "send" -> Kind.PRODUCER;
          case "receive" -> Kind.CLIENT;
          case "process" -> Kind.CONSUMER;
          default -> Kind.UNSPECIFIED;
        };
    found.expect(span.kind() == kind, "the type " + type + " and the kind " + span.kind());
    found.expect(
        !found.has("messaging.batch.message_count") || !found.has("messaging.kafka.offset"),
        "the offset of a batch");
  }

  /** Attributes, and what is wrong with them. */
  private static final class Found {
    private final Map<String, Object> attributes;
    final List<String> wrong = new ArrayList<>();

    Found(Map<String, Object> attributes) {
      this.attributes = attributes;
    }

    boolean has(String name) {
      return attributes.containsKey(name);
    }

    String text(String name) {
      return String.valueOf(attributes.getOrDefault(name, ""));
    }

    long number(String name) {
      return attributes.get(name) instanceof Long number ? number : 0;
    }

    void expect(boolean right, String otherwise) {
      if (!right) {
        wrong.add(otherwise);
      }
    }

    /** Those of the table and no others, each of its type; where none was cut off all required. */
    void table(String rows, boolean cut) {
      TreeSet<String> unknown = new TreeSet<>(attributes.keySet());
      unknown.removeIf(Found::isOurs);
      for (String row : rows.split("\n")) {
        String[] cells = row.trim().split(" +");
        unknown.remove(cells[0]);
        Object value = attributes.get(cells[0]);
        if (value == null) {
          expect(cut || !cells[2].equals("required"), "no " + cells[0]);
        } else {
          expect(typeOf(value).equals(cells[1]), cells[0] + " of type " + typeOf(value));
        }
      }
      expect(unknown.isEmpty(), "not in the table: " + unknown);
    }

    /** What is no part of the conventions has a name of its own. */
    private static boolean isOurs(String name) {
      return name.startsWith("sonde.") || name.equals("pyroscope.profile.id");
    }

    private static String typeOf(Object value) {
      return value instanceof String
          ? "string"
          : value instanceof Long ? "int" : value instanceof Boolean ? "boolean" : "" + value;
    }
  }
}
