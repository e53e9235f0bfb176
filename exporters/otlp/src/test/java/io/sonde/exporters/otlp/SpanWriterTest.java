package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.sonde.core.ClientSpan;
import io.sonde.core.Costs;
import io.sonde.core.DatabaseSpan;
import io.sonde.core.Headers;
import io.sonde.core.Hex;
import io.sonde.core.Limits;
import io.sonde.core.Links;
import io.sonde.core.MessagingSpan;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.core.database.Database;
import io.sonde.core.database.Queries;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a span looks like on the wire, read by OpenTelemetry's own generated classes. */
final class SpanWriterTest {
  private static final Headers<Map<String, String>> HEADERS = Map::get;
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final EpochClock clock = new EpochClock();

  @BeforeEach
  void start() {
    Tracing.start(
        Sampler.on(true), Propagation.of("tracecontext", "baggage"), new SpanQueue(64, 64));
  }

  @AfterEach
  void stop() {
    Tracing.stop();
    Limits.set(128, Integer.MAX_VALUE, 128);
    Limits.events(128, 128);
  }

  @Test
  void serverSpan_everyField() throws Exception {
    long before = System.currentTimeMillis();
    ServerSpan span =
        ServerSpan.start(
            Map.of("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01", "tracestate", "vendor=x"),
            HEADERS,
            "GET");
    span.scheme("https");
    span.target("/cart/7", "sort=up");
    span.route("/cart/{id}", 2);
    span.status(200);
    span.exit();
    span.end();
    Span wire = written(span);

    assertEquals(bytes(TRACE), wire.getTraceId());
    assertEquals(bytes(Hex.of(span.id())), wire.getSpanId());
    assertEquals(bytes("b7ad6b7169203331"), wire.getParentSpanId());
    assertEquals("vendor=x", wire.getTraceState());
    assertEquals(0x301, wire.getFlags(), "sampled, known to have a remote parent");
    assertEquals("GET /cart/{id}", wire.getName());
    assertEquals(SpanKind.SPAN_KIND_SERVER, wire.getKind());
    assertEquals(
        span.endNanos() - span.startNanos(),
        wire.getEndTimeUnixNano() - wire.getStartTimeUnixNano());
    long millis = wire.getStartTimeUnixNano() / 1_000_000;
    assertTrue(millis >= before - 1 && millis <= System.currentTimeMillis() + 1, "start " + millis);
    assertEquals(
        Map.of(
            "http.request.method", text("GET"),
            "url.scheme", text("https"),
            "http.route", text("/cart/{id}"),
            "http.response.status_code", number(200),
            "url.path", text("/cart/7"),
            "url.query", text("sort=up")),
        attributes(wire.getAttributesList()));
    assertEquals(StatusCode.STATUS_CODE_UNSET, wire.getStatus().getCode());
    assertEquals(0, wire.getEventsCount());
  }

  @Test
  void rootSpan_noParentAndNoRemoteFlag() throws Exception {
    ServerSpan span = ServerSpan.start(Map.of(), HEADERS, "GET");
    span.exit();
    span.end();
    Span wire = written(span);
    assertTrue(wire.getParentSpanId().isEmpty());
    // The random flag of W3C level 2, since the trace id was made here.
    assertEquals(0x103, wire.getFlags());
  }

  @Test
  void serverSpan_failed_errorWithoutDescription() throws Exception {
    ServerSpan span = ServerSpan.start(Map.of(), HEADERS, "GET");
    span.status(500);
    span.exit();
    span.end(new IllegalStateException("no stock"));
    Span wire = written(span);
    assertEquals(StatusCode.STATUS_CODE_ERROR, wire.getStatus().getCode());
    assertEquals("", wire.getStatus().getMessage());
    assertEquals(text("500"), attributes(wire.getAttributesList()).get("error.type"));
    Map<String, AnyValue> event = attributes(wire.getEvents(0).getAttributesList());
    assertEquals("exception", wire.getEvents(0).getName());
    assertEquals(wire.getEndTimeUnixNano(), wire.getEvents(0).getTimeUnixNano());
    assertEquals(text("java.lang.IllegalStateException"), event.get("exception.type"));
    assertEquals(text("no stock"), event.get("exception.message"));
    assertTrue(event.get("exception.stacktrace").getStringValue().contains("SpanWriterTest"));
  }

  @Test
  void clientSpan_notFound_error() throws Exception {
    ClientSpan span = ClientSpan.start("GET");
    span.address("http", "stock", 0);
    span.status(404);
    span.end();
    Span wire = written(span);
    assertEquals(SpanKind.SPAN_KIND_CLIENT, wire.getKind());
    assertEquals(StatusCode.STATUS_CODE_ERROR, wire.getStatus().getCode());
    assertEquals(text("404"), attributes(wire.getAttributesList()).get("error.type"));
    assertEquals(number(80), attributes(wire.getAttributesList()).get("server.port"));
  }

  @Test
  void databaseSpan_failed_descriptionIsTheMessage() throws Exception {
    Database database = new Database("postgresql", "shop", "db", 5432);
    DatabaseSpan span =
        DatabaseSpan.start(database, Queries.of(database, "select * from cart where id = 7"));
    span.end(new SQLException("deadlock detected", "40P01"));
    Span wire = written(span);
    assertEquals("deadlock detected", wire.getStatus().getMessage());
    assertEquals(StatusCode.STATUS_CODE_ERROR, wire.getStatus().getCode());
    Map<String, AnyValue> attributes = attributes(wire.getAttributesList());
    assertEquals(text("postgresql"), attributes.get("db.system.name"));
    assertEquals(text("java.sql.SQLException"), attributes.get("error.type"));
  }

  @Test
  void attributeTypes_asTheyAre() throws Exception {
    ServerSpan span = ServerSpan.start(Map.of(), HEADERS, "GET");
    span.set("text", "Grüße 你好 🎉 ");
    span.set("half", "a\uD83D!");
    span.set("empty", "");
    span.set("long", Long.MIN_VALUE);
    span.set("zero", 0);
    span.set("double", (Object) (-0.5));
    span.set("false", (Object) false);
    span.set("list", (Object) new String[] {"a", "", "ü"});
    span.set("nothing", (Object) new String[0]);
    span.exit();
    span.end();
    Map<String, AnyValue> attributes = attributes(written(span).getAttributesList());
    assertEquals(text("Grüße 你好 🎉 "), attributes.get("text"));
    assertEquals(text("a?!"), attributes.get("half"));
    assertEquals(text(""), attributes.get("empty"));
    assertEquals(number(Long.MIN_VALUE), attributes.get("long"));
    assertEquals(number(0), attributes.get("zero"));
    assertEquals(AnyValue.newBuilder().setDoubleValue(-0.5).build(), attributes.get("double"));
    assertEquals(AnyValue.newBuilder().setBoolValue(false).build(), attributes.get("false"));
    assertEquals(
        List.of(text("a"), text(""), text("ü")),
        attributes.get("list").getArrayValue().getValuesList());
    assertTrue(attributes.get("nothing").hasArrayValue());
  }

  @Test
  void limits_dropsAreCounted() throws Exception {
    Limits.set(5, 5, 1);
    MessagingSpan span = MessagingSpan.receive("kafka", "poll", "orders");
    for (int i = 0; i < 5; i++) {
      span.set(("key-" + i).intern(), "a long value");
      span.link(
          Map.of("traceparent", "00-" + TRACE + "-000000000000000" + (i + 1) + "-01"), HEADERS);
    }
    span.end();
    Span wire = written(span);
    assertEquals(5, wire.getAttributesCount());
    assertEquals(4, wire.getDroppedAttributesCount());
    assertEquals(text("a lon"), attributes(wire.getAttributesList()).get("key-0"));
    assertEquals(
        text("order"), attributes(wire.getAttributesList()).get("messaging.destination.name"));
    assertEquals(1, wire.getLinksCount());
    assertEquals(4, wire.getDroppedLinksCount());
    assertEquals(bytes(TRACE), wire.getLinks(0).getTraceId());
    assertEquals(bytes("0000000000000001"), wire.getLinks(0).getSpanId());
    assertEquals(0x301, wire.getLinks(0).getFlags());
  }

  @Test
  void limits_holdForWhatTheKindSays_theErrorIsTheLastToGo() throws Exception {
    Limits.set(1, 11, 1);
    ServerSpan span = ServerSpan.start(Map.of(), HEADERS, "GET");
    span.scheme("https");
    span.route("/cart/{id}", 2);
    span.status(200);
    span.exit();
    span.end(new IllegalStateException("a long message"));
    Span wire = written(span);
    Map<String, AnyValue> expected = Map.of("error.type", text("java.lang.I"));
    assertEquals(expected, attributes(wire.getAttributesList()));
    assertEquals(4, wire.getDroppedAttributesCount());
    for (KeyValue attribute : wire.getEvents(0).getAttributesList()) {
      assertEquals(11, attribute.getValue().getStringValue().length(), attribute::toString);
    }
  }

  /** Links are counted when they are handed out. */
  @Test
  void limits_theLinkToTheProfileGoesBeforeTheRest() throws Exception {
    Limits.set(1, Integer.MAX_VALUE, 1);
    Costs.start(Costs.Counters.NONE, true);
    Links.start(false, 1_000_000);
    try {
      ClientSpan span = ClientSpan.start("GET");
      span.set("shop.item", "7");
      span.end();
      Links.sampled(span.id(), 5, 0, true);
      assertEquals(
          Map.of("pyroscope.profile.id", text(Hex.of(span.id()))),
          attributes(written(span).getAttributesList()));
    } finally {
      Links.stop();
      Costs.stop();
    }
  }

  @Test
  void noEvents_theExceptionIsCountedAndTheErrorStays() throws Exception {
    Limits.events(0, 128);
    ClientSpan span = ClientSpan.start("GET");
    span.end(new IllegalStateException("no"));
    Span wire = written(span);
    assertEquals(0, wire.getEventsCount());
    assertEquals(1, wire.getDroppedEventsCount());
    assertEquals(
        text("java.lang.IllegalStateException"),
        attributes(wire.getAttributesList()).get("error.type"));
  }

  @Test
  void attributesOfEvents_areLimited_theTypeIsTheLastToGo() throws Exception {
    Limits.events(1, 1);
    ClientSpan span = ClientSpan.start("GET");
    span.end(new IllegalStateException("no"));
    Span.Event event = written(span).getEvents(0);
    assertEquals(
        Map.of("exception.type", text("java.lang.IllegalStateException")),
        attributes(event.getAttributesList()));
    assertEquals(2, event.getDroppedAttributesCount());
  }

  @Test
  void exceptionOfBadManners_isKeptFromTheExport() throws Exception {
    ClientSpan span = ClientSpan.start("GET");
    span.end(new Hostile());
    Map<String, AnyValue> event = attributes(written(span).getEvents(0).getAttributesList());
    assertEquals(text(Hostile.class.getName()), event.get("exception.type"));
    assertFalse(event.containsKey("exception.message"));
    assertTrue(
        event.get("exception.stacktrace").getStringValue().startsWith(Hostile.class.getName()));
  }

  @Test
  void exceptionOfGreatSize_isCut() throws Exception {
    Throwable deep = new IllegalStateException("x".repeat(100_000));
    for (int i = 0; i < 50; i++) {
      deep = new IllegalStateException("layer " + i, deep);
    }
    ClientSpan span = ClientSpan.start("GET");
    span.end(new RuntimeException("y".repeat(100_000), deep));
    Span wire = written(span);
    assertTrue(wire.getSerializedSize() < 32_000, "size " + wire.getSerializedSize());
  }

  @Test
  void stackTrace_asTheJvmPrintsIt() throws Exception {
    Exception thrown = new RuntimeException("outer", new IllegalStateException("inner"));
    ClientSpan span = ClientSpan.start("GET");
    span.end(thrown);
    java.io.StringWriter printed = new java.io.StringWriter();
    thrown.printStackTrace(new java.io.PrintWriter(printed));
    assertEquals(
        printed.toString().trim().replace("\r", ""),
        attributes(written(span).getEvents(0).getAttributesList())
            .get("exception.stacktrace")
            .getStringValue());
  }

  private Span written(io.sonde.core.Span span) throws Exception {
    Batch batch = new Batch(clock, Map.of("service.name", "shop"), "1.2.3");
    assertTrue(batch.add(span));
    batch.end();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    batch.writeMessage(bytes);
    assertEquals(batch.getContentLength(), bytes.size());
    return ExportTraceServiceRequest.parseFrom(bytes.toByteArray())
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpans(0);
  }

  private static Map<String, AnyValue> attributes(List<KeyValue> list) {
    Map<String, AnyValue> map = new LinkedHashMap<>();
    for (KeyValue pair : list) {
      assertFalse(map.containsKey(pair.getKey()), "twice: " + pair.getKey());
      map.put(pair.getKey(), pair.getValue());
    }
    return map;
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }

  private static AnyValue number(long value) {
    return AnyValue.newBuilder().setIntValue(value).build();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(java.util.HexFormat.of().parseHex(hex));
  }

  /** Every method that can be overridden throws, and it is its own cause. */
  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("mine");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("mine");
    }

    @Override
    public synchronized Throwable getCause() {
      return this;
    }
  }
}
