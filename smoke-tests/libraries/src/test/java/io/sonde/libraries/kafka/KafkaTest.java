package io.sonde.libraries.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Link;
import io.sonde.testing.ReceivedSpan.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka's clients: version, JDK, and the consumer's protocol. */
@ParameterizedClass
@CsvSource({"2.0.0, 8, ''", "2.8.2, 11, ''", "3.9.1, 17, ''", "4.4.0, 25, consumer"})
class KafkaTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static Broker broker;
  private static OtlpSink sink;
  private static ForkedJvm app;
  private static String prefix;
  private static String metrics;

  KafkaTest(String version, int jdk, String protocol) {}

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeParameterizedClassInvocation
  static void run(String version, int jdk, String protocol) throws IOException {
    prefix = "v" + version.replace('.', '_');
    sink = OtlpSink.http();
    int port = Ports.free();
    List<Path> kafka = Artifacts.classPath("org.apache.kafka:kafka-clients:" + version);
    var launch =
        ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
            .agent(sink)
            .quick()
            .jvmArg("-Xmx128m")
            .env("OTEL_METRICS_EXPORTER", "prometheus")
            .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(port))
            .classPath(AppSource.of("kafka").compile(kafka))
            .main("app.KafkaMain")
            .arg(broker.bootstrap(), prefix);
    app = (protocol.isEmpty() ? launch : launch.arg(protocol)).start();
    app.awaitLine(Pattern.compile("^DONE"), PATIENCE);
    try (InputStream in =
        URI.create("http://localhost:" + port + "/metrics").toURL().openStream()) {
      metrics = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    sink.awaitSpans(span -> span.name().endsWith(".renamed"), 1, PATIENCE);
    Conventions.check(sink.awaitAll(app, PATIENCE));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    app.close();
    sink.close();
  }

  @Test
  void messages_areCountedByTopicAndGroup() {
    for (String name : List.of("plain", "again")) {
      String topic = "messaging_destination_name=\"" + topic(name) + '"';
      String group = "messaging_consumer_group_name=\"g-" + topic(name) + '"';
      String number = name.equals("plain") ? "1" : "2";
      has("messaging_client_sent_messages_total", "send", topic, number);
      has("messaging_client_consumed_messages_total", "poll", topic + ',' + group, number);
      has("messaging_process_duration_seconds_count", "process", topic + ',' + group, number);
    }
  }

  private static void has(String metric, String operation, String labels, String value) {
    Pattern line =
        Pattern.compile(
            "^"
                + metric
                + "\\{[^}]*messaging_operation_name=\""
                + operation
                + "\",[^}]*"
                + Pattern.quote(labels)
                + "} "
                + value
                + "$",
            Pattern.MULTILINE);
    assertTrue(line.matcher(metrics).find(), () -> "no " + line + " in\n" + metrics);
  }

  @Test
  void send_isProducerSpan() {
    ReceivedSpan send = only("send plain");
    assertEquals(Kind.PRODUCER, send.kind());
    assertTrue(send.isRoot());
    assertEquals(Status.UNSET, send.status());
    assertAttributes(
        send,
        "messaging.system=kafka",
        "messaging.operation.name=send",
        "messaging.operation.type=send",
        "messaging.destination.name=" + topic("plain"),
        "messaging.destination.partition.id=0",
        "messaging.kafka.offset=0",
        "messaging.kafka.message.key=key-1",
        "messaging.client.id=p-" + prefix);
    assertEquals(List.of("-"), at("plain.sent"), "after send the thread is as it was");
    assertEquals(List.of("-"), at("plain.callback"));
  }

  @Test
  void loopBody_isProcessSpan_belowTheSend_linkedToIt() {
    ReceivedSpan send = only("send plain");
    ReceivedSpan process = only("process plain");
    assertEquals(Kind.CONSUMER, process.kind());
    assertEquals(send.traceId(), process.traceId());
    assertEquals(send.spanId(), process.parentSpanId());
    assertEquals(List.of(new Link(send.traceId(), send.spanId(), Map.of())), process.links());
    assertAttributes(
        process,
        "messaging.system=kafka",
        "messaging.operation.name=process",
        "messaging.operation.type=process",
        "messaging.destination.name=" + topic("plain"),
        "messaging.destination.partition.id=0",
        "messaging.kafka.offset=0",
        "messaging.kafka.message.key=key-1",
        "messaging.consumer.group.name=g-" + topic("plain"),
        "messaging.client.id=c-plain");
    assertEquals(List.of(ids(process)), at("plain.body"));
    assertEquals(List.of(ids(process)), at("plain.body.end"));
    assertEquals(List.of("-"), at("plain.after"));
  }

  @Test
  void sendInsideTheBody_isBelowProcess_itsCallbackToo() {
    ReceivedSpan process = only("process plain");
    ReceivedSpan passed = only("send passed");
    assertEquals(process.spanId(), passed.parentSpanId());
    assertEquals(List.of(ids(process)), at("passed.callback"));
  }

  @Test
  void recordSentTwice_isTwoSpans_eachReachesItsConsumer() {
    List<ReceivedSpan> sends = all("send again", 2);
    List<ReceivedSpan> processes = all("process again", 2);
    for (int i = 0; i < 2; i++) {
      assertEquals(sends.get(i).spanId(), processes.get(i).parentSpanId());
      assertEquals(sends.get(i).traceId(), processes.get(i).traceId());
    }
    assertNotEquals(sends.get(0).traceId(), sends.get(1).traceId());
    assertEquals(List.of("mine 1", "mine 1"), at("again"));
  }

  @Test
  void keysAndTombstones() {
    ReceivedSpan tombstone = only("send tombstone");
    assertEquals(true, tombstone.attribute("messaging.kafka.message.tombstone"));
    assertEquals("gone", tombstone.attribute("messaging.kafka.message.key"));
    ReceivedSpan raw = only("send rawkey");
    assertNull(raw.attribute("messaging.kafka.message.key"), "bytes have no canonical text");
    assertNull(raw.attribute("messaging.kafka.message.tombstone"));
  }

  @Test
  void loopLeftByBreak_endsWithTheNextPoll() {
    ReceivedSpan process = only("process break");
    assertEquals(List.of(ids(process)), at("break.body"));
    assertEquals(List.of("-"), at("break.polled"));
  }

  @Test
  void loopLeftByException_endsWithClose_orWithTheTask() {
    assertEquals(List.of(ids(only("process thrown"))), at("thrown.body"));
    assertEquals(List.of("-"), at("thrown.closed"));
    assertEquals(List.of(ids(only("process dies"))), at("dies.body"));
    assertEquals(List.of("-"), at("dies.next"), "the pool's thread is as it was");
  }

  @Test
  void everyKindOfLoop_isTraced() {
    List<ReceivedSpan> processes = all("process loops", 15);
    List<String> seen =
        app.stdout().stream()
            .filter(line -> line.matches("AT loops\\.(partition|topic|stream|forEach|next) .*"))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .toList();
    assertEquals(13, seen.size());
    List<String> spans = processes.stream().map(KafkaTest::ids).toList();
    assertTrue(spans.containsAll(seen), seen + " in " + spans);
    assertEquals(13, seen.stream().distinct().count());
    assertEquals(List.of("-", "-", "-", "-", "-"), at("loops.after"));
  }

  @Test
  void handedToAPool_contextGoesAlong_andStaysWithTheLoop() {
    List<String> bodies = at("pool.body");
    assertEquals(3, bodies.size());
    assertEquals(bodies, at("pool.worker"));
    assertEquals(bodies, at("pool.body.end"));
    assertEquals(bodies, all("process pool", 3).stream().map(KafkaTest::ids).toList());
  }

  @Test
  void pollInsideATrace_isClientSpan_linkedToEachRecord() {
    ReceivedSpan outer = only("process outer");
    List<ReceivedSpan> polls = all("poll inner", 1);
    ReceivedSpan poll = polls.get(0);
    assertEquals(Kind.CLIENT, poll.kind());
    assertEquals(outer.spanId(), poll.parentSpanId());
    assertAttributes(
        poll,
        "messaging.system=kafka",
        "messaging.operation.name=poll",
        "messaging.operation.type=receive",
        "messaging.destination.name=" + topic("inner"),
        "messaging.destination.partition.id=0",
        "messaging.batch.message_count=3",
        "messaging.consumer.group.name=g-" + topic("inner"),
        "messaging.client.id=c-inner");
    assertEquals(
        all("send inner", 3).stream().map(ReceivedSpan::spanId).toList(),
        poll.links().stream().map(Link::spanId).toList());
    assertEquals(List.of(ids(outer)), at("outer.body.end"));
  }

  @Test
  void pollOutsideOfATrace_isNoSpan() {
    assertEquals(
        List.of(poll("inner")),
        sink.spans().stream()
            .filter(span -> span.name().startsWith("poll"))
            .map(ReceivedSpan::name)
            .toList());
  }

  @Test
  void recordsLookedAtWithoutALoop_areNoSpans() {
    assertEquals(List.of("3 3 false"), at("collected"));
    assertEquals(List.of("-"), at("collected.after"));
    assertTrue(named("process collected").isEmpty());
  }

  @Test
  void subscribedInAGroup_withAnIdMadeUp() {
    ReceivedSpan process = only("process group");
    assertEquals("g-" + topic("group"), process.attribute("messaging.consumer.group.name"));
    String id = String.valueOf(process.attribute("messaging.client.id"));
    assertTrue(id.startsWith("consumer-"), id);
  }

  @Test
  void refusedRecord_failsItsSpan_callbackMaySendAnother() {
    ReceivedSpan refused = only("send refused");
    assertEquals(Status.ERROR, refused.status());
    assertEquals(
        "org.apache.kafka.common.errors.RecordTooLargeException", refused.attribute("error.type"));
    assertFalse(refused.attributes().containsKey("messaging.kafka.offset"));
    assertEquals(List.of("-"), at("refused.callback"));
    assertEquals(List.of("-"), at("refused.after"));
    assertTrue(only("send deadletter").isRoot());
  }

  @Test
  void unserializableRecord_failsItsSpan() {
    ReceivedSpan span = only("send unserializable");
    assertEquals(Status.ERROR, span.status());
    assertEquals(
        "org.apache.kafka.common.errors.SerializationException", span.attribute("error.type"));
    assertEquals("1", span.attribute("messaging.kafka.message.key"));
    assertEquals(List.of("-"), at("unserializable.after"));
  }

  @Test
  void transaction_sendsAsEver() {
    ReceivedSpan span = only("send transaction");
    assertEquals(Status.UNSET, span.status());
    assertEquals(0L, span.attribute("messaging.kafka.offset"));
  }

  @Test
  void interceptors_comeFirst() {
    assertTrue(named("send intercepted").isEmpty());
    assertEquals(
        topic("intercepted.renamed"),
        only("send intercepted.renamed").attribute("messaging.destination.name"));
  }

  @Test
  void agent_saysNothing() {
    assertTrue(
        app.stderr().stream().noneMatch(line -> line.contains("[sonde]")),
        () -> String.join("\n", app.stderr()));
  }

  private static String topic(String name) {
    return prefix + "." + name;
  }

  private static String poll(String topic) {
    return "poll " + topic(topic);
  }

  /** The spans called "operation topic", in order of their start. */
  private static List<ReceivedSpan> named(String name) {
    String full = name.replaceFirst(" ", " " + prefix + ".");
    return sink.spans().stream()
        .filter(span -> span.name().equals(full))
        .sorted(java.util.Comparator.comparingLong(ReceivedSpan::startEpochNanos))
        .toList();
  }

  private static List<ReceivedSpan> all(String name, int count) {
    List<ReceivedSpan> spans = named(name);
    assertEquals(count, spans.size(), () -> name + " in " + sink.traces() + app.stdout());
    return spans;
  }

  private static ReceivedSpan only(String name) {
    return all(name, 1).get(0);
  }

  private static String ids(ReceivedSpan span) {
    return span.traceId() + "-" + span.spanId();
  }

  /** What the application said at that point, in order. */
  private static List<String> at(String point) {
    String start = "AT " + point + " ";
    return app.stdout().stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }

  private static void assertAttributes(ReceivedSpan span, String... expected) {
    Map<String, String> wanted = new TreeMap<>();
    for (String pair : expected) {
      wanted.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    Map<String, String> actual = new TreeMap<>();
    span.attributes().forEach((key, value) -> actual.put(key, String.valueOf(value)));
    assertEquals(wanted, actual);
  }
}
