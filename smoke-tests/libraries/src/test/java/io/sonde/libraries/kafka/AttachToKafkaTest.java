package io.sonde.libraries.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.AgentCommand;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent attached to a JVM that sends and consumes already. */
class AttachToKafkaTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  @Test
  void runningProducerAndConsumer_areTraced_afterTheAttach(@TempDir Path folder) {
    List<Path> kafka = Artifacts.classPath("org.apache.kafka:kafka-clients:2.8.2");
    try (Broker broker = Broker.start(folder);
        OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.onCurrent()
                .exportTo(sink)
                .classPath(AppSource.of("attach/kafka").compile(kafka))
                .main("app.RunningKafka")
                .arg(broker.bootstrap())
                .start()) {
      app.awaitPort(SOON);
      String said = AgentCommand.run(Jdks.current(), "attach", Long.toString(app.pid()));
      assertTrue(said.contains("is in JVM " + app.pid() + " now"), said);
      sink.awaitSpans(AttachToKafkaTest::hasParent, 5, SOON);
      for (ReceivedSpan process : sink.spans().stream().filter(s -> hasParent(s)).toList()) {
        assertEquals("process running", process.name());
        assertEquals(Kind.CONSUMER, process.kind());
        assertEquals("running", process.attribute("messaging.consumer.group.name"));
        // It may end, and leave, after the message was worked on.
        ReceivedSpan send =
            sink.awaitSpans(span -> span.spanId().equals(process.parentSpanId()), 1, SOON).get(0);
        assertEquals("send running", send.name());
        assertEquals(Kind.PRODUCER, send.kind());
        assertEquals(send.traceId(), process.traceId());
        assertEquals(
            send.attribute("messaging.kafka.offset"), process.attribute("messaging.kafka.offset"));
      }
      int got = app.stdout().size();
      app.awaitLine(Pattern.compile("GOT " + (got + 5)), SOON);
      assertTrue(
          app.stderr().stream().noneMatch(line -> line.startsWith("[sonde]")),
          app.stderr()::toString);
    }
  }

  private static boolean hasParent(ReceivedSpan span) {
    return !span.isRoot();
  }
}
