package io.sonde.libraries.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Link;
import io.sonde.testing.ReceivedSpan.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/** Spring Kafka's listener containers: version and JDK. */
@ParameterizedClass
@CsvSource({"2.5.0.RELEASE, 8", "4.1.1, 21"})
class SpringKafkaTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static Broker broker;
  private static OtlpSink sink;
  private static ForkedJvm app;
  private static String prefix;

  SpringKafkaTest(String version, int jdk) {}

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeParameterizedClassInvocation
  static void run(String version, int jdk) {
    prefix = "v" + version.replace('.', '_');
    sink = OtlpSink.http();
    List<Path> spring = Artifacts.classPath("org.springframework.kafka:spring-kafka:" + version);
    app =
        ForkedJvm.on(Jdks.of(jdk).orElse(Jdks.current()))
            .agent(sink)
            .quick()
            .jvmArg("-Xmx128m")
            .classPath(AppSource.of("springkafka").compile(spring))
            .main("app.SpringKafkaMain")
            .arg(broker.bootstrap(), prefix)
            .start();
    app.awaitLine(Pattern.compile("^DONE"), PATIENCE);
    sink.awaitAll(app, PATIENCE);
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    app.close();
    sink.close();
  }

  @Test
  void recordListener_isAProcessSpanForEachCall() {
    List<ReceivedSpan> sends = named("send", "records");
    List<ReceivedSpan> processes = named("process", "records");
    assertEquals(3, sends.size());
    assertEquals(
        List.of(0L, 1L, 1L, 2L),
        processes.stream().map(span -> span.attribute("messaging.kafka.offset")).toList(),
        "the records behind the one that failed are not worked on until they are polled again");
    for (ReceivedSpan process : processes) {
      int offset = ((Long) process.attribute("messaging.kafka.offset")).intValue();
      assertEquals(sends.get(offset).spanId(), process.parentSpanId());
      assertEquals(Kind.CONSUMER, process.kind());
      assertEquals("g-records-" + prefix, process.attribute("messaging.consumer.group.name"));
    }
    assertEquals(
        processes.stream().map(SpringKafkaTest::ids).toList(),
        List.of(
            at("record.first").get(0),
            at("record.bad").get(0),
            at("record.bad").get(1),
            at("record.last").get(0)));
  }

  @Test
  void failedRecord_failsItsSpan_itsSecondTryDoesNot() {
    List<ReceivedSpan> processes = named("process", "records");
    assertEquals(
        List.of(Status.UNSET, Status.ERROR, Status.UNSET, Status.UNSET),
        processes.stream().map(ReceivedSpan::status).toList());
    assertEquals(
        "java.lang.UnsupportedOperationException", processes.get(1).attribute("error.type"));
  }

  @Test
  void batchListener_isOneSpan_linkedToEachRecord() {
    List<ReceivedSpan> sends = named("send", "batch");
    List<ReceivedSpan> processes = named("process", "batch");
    List<String> seen =
        app.stdout().stream()
            .filter(line -> line.startsWith("AT batch."))
            .map(line -> line.substring(line.lastIndexOf(' ') + 1))
            .toList();
    assertEquals(seen, processes.stream().map(SpringKafkaTest::ids).toList());
    ReceivedSpan failed = processes.get(0);
    assertEquals(Status.ERROR, failed.status());
    assertEquals("java.lang.UnsupportedOperationException", failed.attribute("error.type"));
    ReceivedSpan last = processes.get(processes.size() - 1);
    assertEquals(Status.UNSET, last.status());
    assertEquals(Kind.CONSUMER, last.kind());
    assertTrue(last.isRoot());
    for (ReceivedSpan process : processes) {
      assertEquals(
          process.attribute("messaging.batch.message_count"), (long) process.links().size());
    }
    assertTrue(
        failed.links().stream()
            .map(Link::spanId)
            .toList()
            .containsAll(sends.stream().map(ReceivedSpan::spanId).toList()));
  }

  @Test
  void agent_saysNothing() {
    assertTrue(
        app.stderr().stream().noneMatch(line -> line.contains("[sonde]")),
        () -> String.join("\n", app.stderr()));
  }

  /** The spans of that operation on that topic, in order of their start. */
  private static List<ReceivedSpan> named(String operation, String topic) {
    String full = operation + " " + prefix + "." + topic;
    return sink.spans().stream()
        .filter(span -> span.name().equals(full))
        .sorted(Comparator.comparingLong(ReceivedSpan::startEpochNanos))
        .toList();
  }

  private static String ids(ReceivedSpan span) {
    return span.traceId() + "-" + span.spanId();
  }

  private static List<String> at(String point) {
    String start = "AT " + point + " ";
    return app.stdout().stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .toList();
  }
}
