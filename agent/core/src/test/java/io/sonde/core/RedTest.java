package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.database.Database;
import io.sonde.core.database.Queries;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RedTest {
  private static final int MAX_SERIES = 1000;

  private final Recording recording = Recording.all();
  private final Red red = new Red(MAX_SERIES);

  @AfterEach
  void stop() {
    recording.close();
  }

  private void http(String route, int status, String error, long nanos) {
    red.server("GET", route, "http", null, status, error, null, false).record(nanos);
  }

  /** By instrument and labels, in the order of reading. */
  private static Map<String, Histogram> read(Red red) {
    Map<String, Histogram> all = new LinkedHashMap<>();
    red.read(
        new MetricReader() {
          private String name = "";

          @Override
          public void instrument(Instrument instrument) {
            name = instrument.name;
            assertEquals(name.endsWith(".messages") ? "{message}" : "s", instrument.unit);
          }

          @Override
          public void number(Labels labels, long value) {}

          @Override
          public void number(Labels labels, double value) {}

          @Override
          public void histogram(Labels labels, Histogram histogram) {
            assertNull(all.put(name + pairs(labels), histogram));
          }
        });
    return all;
  }

  @Test
  void sameLabels_areOneSeries_othersAreOthers() {
    http("/a", 200, null, 1);
    http(new String("/a"), 200, null, 2);
    http("/a", 500, "500", 4);
    http("/b", 200, null, 8);
    http(null, 200, null, 16);
    Map<String, Histogram> series = read(red);
    assertEquals(4, series.size());
    Histogram first =
        series.get(
            "http.server.request.duration[http.request.method=GET, http.route=/a,"
                + " url.scheme=http, http.response.status_code=200]");
    assertEquals(2, first.count());
    assertEquals(3e-9, first.sum, 1e-12);
    assertEquals(
        1,
        series
            .get(
                "http.server.request.duration[http.request.method=GET, http.route=/a,"
                    + " url.scheme=http, http.response.status_code=500, error.type=500]")
            .count());
  }

  /** What the other side calls its version is not trusted: only those that there are. */
  @Test
  void versionOfHttp_isALabel_ofThoseThatThereAre() {
    Red recorded = Red.start(MAX_SERIES);
    for (String version : new String[] {"1.0", "1.1", "2", "3", "9.87", "x", null}) {
      ServerSpan served = Recording.server();
      served.route("/a", 2);
      served.status(200);
      served.httpVersion(version);
      served.httpVersion(version);
      served.exit();
      served.end();
      assertEquals(version, Recording.attributes(served).get("network.protocol.version"));
      ClientSpan sent = ClientSpan.start("GET");
      sent.httpVersion(version);
      sent.status(404);
      sent.end();
      assertEquals(version, Recording.attributes(sent).get("network.protocol.version"));
      assertEquals(200, served.status());
    }
    Map<String, Histogram> series = read(recorded);
    assertEquals(10, series.size());
    for (String version : new String[] {"1.0", "1.1", "2", "3"}) {
      String label = "network.protocol.version=" + version;
      String server =
          "http.server.request.duration[http.request.method=GET, http.route=/a,"
              + " http.response.status_code=200, ";
      assertEquals(1, series.get(server + label + "]").count());
      String client =
          "http.client.request.duration[http.request.method=GET,"
              + " http.response.status_code=404, ";
      assertEquals(1, series.get(client + label + ", error.type=404]").count());
    }
  }

  /** A bound belongs to its bucket: the histogram's buckets are cumulative up to and with le. */
  @Test
  void bounds_areInclusive() {
    http("/", 200, null, 5_000_000);
    http("/", 200, null, 5_000_001);
    http("/", 200, null, 10_000_000_000L);
    http("/", 200, null, 10_000_000_001L);
    http("/", 200, null, 0);
    Histogram histogram = read(red).values().iterator().next();
    assertEquals(
        "[2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]", Arrays.toString(histogram.counts));
    assertEquals(14, histogram.bounds.length);
  }

  @Test
  void exponentialBuckets_countTheSameCalls_eightForEachDoubling() {
    Red.exponential(true);
    try {
      Red fine = new Red(10);
      RedSeries series = fine.server("GET", "/", "http", null, 200, null, null, false);
      Random random = new Random(5);
      long[] expected = new long[300];
      for (int i = 0; i < 20_000; i++) {
        long nanos = (long) Math.pow(2, 10 + random.nextDouble() * 31);
        series.record(nanos);
        // Number i ends at 2^(i/8) seconds.
        expected[(int) Math.ceil(Math.log(nanos / 1e9) / Math.log(2) * 8) + 200]++;
      }
      long[] zero = {0, 1, 953};
      for (long nanos : zero) {
        series.record(nanos);
      }
      series.record(1_000_000_000);
      expected[200]++;
      series.record(1_000_000_001);
      expected[201]++;
      Histogram histogram = series.histogram();
      Exponential exponential = histogram.exponential;
      assertEquals(3, exponential.schema);
      assertEquals(zero.length, exponential.zeroCount);
      assertEquals(histogram.count(), exponential.count());
      for (int i = 0; i < exponential.counts.length; i++) {
        assertEquals(expected[exponential.first + i + 200], exponential.counts[i], "bucket " + i);
      }
      series.record(Long.MAX_VALUE);
      assertEquals(96, last(series.histogram().exponential));
    } finally {
      Red.exponential(false);
    }
  }

  private static int last(Exponential exponential) {
    return exponential.first + exponential.counts.length - 1;
  }

  @Test
  void eachKind_hasTheLabelsOfItsConvention() {
    Red own = Red.start(10);
    ServerSpan server = Recording.server();
    server.route("/orders/{id}", 1);
    server.scheme("https");
    ClientSpan client = ClientSpan.start("GET");
    client.address("http", "stock", 8080);
    client.status(404);
    client.end();
    Database target = new Database("postgresql", "shop", "db", 5432);
    DatabaseSpan query = DatabaseSpan.start(target, Queries.of(target, "select 1 from orders"));
    query.failed("42P01", 0);
    query.end(new IllegalStateException());
    MessagingSpan.send("kafka", "send", "orders").end();
    MessagingSpan process =
        MessagingSpan.process("kafka", "process", "orders", "", Recording.NO_HEADERS::get);
    process.group("billing");
    process.end(new IllegalStateException());
    server.exit();
    server.end(new IllegalArgumentException());
    assertEquals(
        List.of(
            "http.server.request.duration[http.request.method=GET, http.route=/orders/{id},"
                + " url.scheme=https, error.type=java.lang.IllegalArgumentException]",
            "http.client.request.duration[http.request.method=GET, server.address=stock,"
                + " server.port=8080, http.response.status_code=404, error.type=404]",
            "db.client.operation.duration[db.system.name=postgresql, db.namespace=shop,"
                + " db.query.summary=select orders, server.address=db, server.port=5432,"
                + " db.response.status_code=42P01, error.type=42P01]",
            "messaging.client.operation.duration[messaging.system=kafka,"
                + " messaging.operation.name=send, messaging.operation.type=send,"
                + " messaging.destination.name=orders]",
            "messaging.process.duration[messaging.system=kafka,"
                + " messaging.operation.name=process, messaging.operation.type=process,"
                + " messaging.destination.name=orders, messaging.consumer.group.name=billing,"
                + " error.type=java.lang.IllegalStateException]"),
        List.copyOf(read(own).keySet()));
  }

  /** Where they are received, as the conventions say, and not again where they are worked on. */
  @Test
  void messages_areCountedOnce() {
    Red own = Red.start(10);
    MessagingSpan.send("kafka", "send", "orders").end();
    MessagingSpan.send("kafka", "send", "orders").end();
    MessagingSpan.delivered("kafka", "poll", "orders", "billing", 5);
    MessagingSpan.delivered("kafka", "poll", "orders", "billing", 1);
    MessagingSpan.receive("kafka", "poll", "orders").end();
    MessagingSpan batch = MessagingSpan.processBatch("kafka", "process", "orders");
    batch.messages(5);
    batch.end();
    MessagingSpan.process("kafka", "process", "orders", "", Recording.NO_HEADERS::get).end();
    String labels =
        "[messaging.system=kafka, messaging.operation.name=%s, messaging.destination.name=orders%s]";
    assertEquals(
        Map.of(
            "messaging.client.sent.messages" + labels.formatted("send", ""),
            2L,
            "messaging.client.consumed.messages"
                + labels.formatted("poll", ", messaging.consumer.group.name=billing"),
            6L),
        numbers(own));
  }

  @Test
  void deliveries_haveABoundToo() {
    Red own = Red.start(2);
    for (int i = 0; i < 5; i++) {
      MessagingSpan.delivered("kafka", "poll", "topic-" + i, null, 10);
    }
    Map<String, Long> numbers = numbers(own);
    assertEquals(3, numbers.size(), numbers::toString);
    assertEquals(30, numbers.get("messaging.client.consumed.messages[otel.metric.overflow=true]"));
  }

  @Test
  void requestsThatNoSpanCalled_areToldApart_whereThatIsWanted() {
    String root = "http.server.request.duration[http.request.method=GET, sonde.root=true]";
    for (boolean wanted : new boolean[] {true, false}) {
      Red own = Red.start(10, false, wanted);
      ended();
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      Map<String, String> headers = Map.of("traceparent", parent);
      ServerSpan called = ServerSpan.start(headers, Map::get, "PUT");
      called.exit();
      called.end();
      assertEquals(2, read(own).size());
      assertEquals(wanted, read(own).containsKey(root), () -> read(own).toString());
    }
  }

  /** What is counted beside calls, by instrument and labels. */
  private static Map<String, Long> numbers(Red red) {
    Map<String, Long> all = new LinkedHashMap<>();
    red.read(
        new MetricReader() {
          private String name = "";

          @Override
          public void instrument(Instrument instrument) {
            name = instrument.name;
          }

          @Override
          public void number(Labels labels, long value) {
            assertNull(all.put(name + pairs(labels), value));
          }

          @Override
          public void number(Labels labels, double value) {}

          @Override
          public void histogram(Labels labels, Histogram histogram) {}
        });
    return all;
  }

  private static List<String> pairs(Labels labels) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      pairs.add(labels.key(i) + "=" + labels.value(i));
    }
    return pairs;
  }

  @Test
  void beyondTheBound_overflowCounts_oldSeriesGoOn() {
    for (int i = 0; i < MAX_SERIES + 500; i++) {
      http("/" + i, 200, null, 1);
    }
    http("/0", 200, null, 1);
    Map<String, Histogram> series = read(red);
    assertEquals(MAX_SERIES + 1, series.size());
    assertEquals(
        500, series.get("http.server.request.duration[otel.metric.overflow=true]").count());
    assertEquals(
        2,
        series
            .get(
                "http.server.request.duration[http.request.method=GET, http.route=/0,"
                    + " url.scheme=http, http.response.status_code=200]")
            .count());
  }

  @Test
  void exemplar_isTheSlowestSinceTheLastLook() {
    Span fast = ended();
    Span slow = ended();
    RedSeries series = red.server("GET", "/", "http", null, 200, null, null, false);
    series.record(fast, 1000, true);
    series.record(slow, 3000, true);
    series.record(fast, 2000, true);
    assertExemplar(slow, 3e-6);
    assertExemplar(slow, 3e-6);
    series.record(fast, 2000, true);
    assertExemplar(fast, 2e-6);
  }

  @Test
  void exemplar_isNotShownForever() {
    ExemplarSlot slot = new ExemplarSlot();
    Span span = ended();
    slot.offer(span, 1000, false);
    long minutes = 60_000_000_000L;
    assertNotNull(slot.read(span.endNanos() + 4 * minutes, 0));
    assertNull(slot.read(span.endNanos() + 6 * minutes, 0));
    Span next = ended();
    slot.offer(next, 10, false);
    Exemplar exemplar = slot.read(next.endNanos(), 0);
    assertNotNull(exemplar);
    assertEquals(next.id(), exemplar.spanId);
  }

  @Test
  void exemplar_isAFailedCallBeforeASlowOne() {
    Span slow = ended();
    ServerSpan failed = Recording.server();
    failed.exit();
    failed.end(new IllegalStateException());
    RedSeries series = red.server("GET", "/", "http", null, 200, null, null, false);
    series.record(slow, 3000, true);
    series.record(failed, 1000, true);
    series.record(slow, 4000, true);
    assertExemplar(failed, 1e-6);
  }

  @Test
  void exemplar_isNone_whereNoneAreWanted() {
    Red.exemplars(false);
    try {
      Red own = Red.start(10);
      ended();
      Histogram histogram = read(own).values().iterator().next();
      assertEquals(1, histogram.count());
      assertNull(histogram.exemplars[0]);
    } finally {
      Red.exemplars(true);
    }
    Red own = Red.start(10);
    ended();
    assertNotNull(read(own).values().iterator().next().exemplars[0]);
  }

  @Test
  void exemplar_isNoCallThatDoesNotLeaveTheAgent() {
    RedSeries series = red.server("GET", "/", "http", null, 200, null, null, false);
    series.record(ended(), 1000, false);
    assertNull(read(red).values().iterator().next().exemplars[0]);
    Red own = Red.start(10);
    for (int i = 0; i < 2000; i++) {
      ServerSpan span = Recording.server();
      span.exit();
      span.end();
    }
    Histogram histogram = read(own).values().iterator().next();
    assertEquals(2000, histogram.count());
    List<Span> left = recording.left();
    for (Exemplar exemplar : histogram.exemplars) {
      if (exemplar != null) {
        assertEquals(1, left.stream().filter(s -> s.id() == exemplar.spanId).count());
      }
    }
    assertEquals(1024, left.size());
  }

  private static Span ended() {
    ServerSpan span = Recording.server();
    span.exit();
    span.end();
    return span;
  }

  private void assertExemplar(Span expected, double seconds) {
    Exemplar exemplar = read(red).values().iterator().next().exemplars[0];
    assertNotNull(exemplar);
    assertEquals(expected.id(), exemplar.spanId);
    assertEquals(expected.traceHi(), exemplar.traceHi);
    assertEquals(expected.traceLo(), exemplar.traceLo);
    assertEquals(seconds, exemplar.value, 1e-12);
    assertTrue(Math.abs(System.currentTimeMillis() - exemplar.epochMillis) < 10_000);
  }

  @Test
  void manyThreads_loseNothing() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                Span span = ended();
                for (int i = 0; i < 100_000; i++) {
                  red.server("GET", "/" + i % 300, "http", null, 200, null, null, false)
                      .record(span, 1, true);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        read(red);
        thread.join(1);
      }
    }
    Map<String, Histogram> series = read(red);
    assertEquals(300, series.size());
    assertEquals(400_000, series.values().stream().mapToLong(Histogram::count).sum());
    assertEquals(400_000e-9, series.values().stream().mapToDouble(h -> h.sum).sum(), 1e-9);
  }
}
