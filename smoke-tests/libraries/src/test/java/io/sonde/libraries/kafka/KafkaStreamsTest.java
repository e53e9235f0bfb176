package io.sonde.libraries.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Kafka Streams topology keeps a record's trace, though it has no spans of its own. */
class KafkaStreamsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir private Path folder;

  @Test
  void recordThroughATopology_staysInItsTrace() {
    try (Broker broker = Broker.start(folder);
        OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.onCurrent()
                .agent(sink)
                .quick()
                .jvmArg("-Xmx128m")
                .classPath(
                    AppSource.of("kafkastreams")
                        .compile(Artifacts.classPath("org.apache.kafka:kafka-streams:3.9.1")))
                .main("app.KafkaStreamsMain")
                .arg(broker.bootstrap(), folder.resolve("state").toString())
                .start()) {
      app.awaitLine(Pattern.compile("^DONE"), PATIENCE);
      sink.awaitTrace(3, PATIENCE);
      sink.awaitQuiet(Duration.ofMillis(300), PATIENCE);
      Trace trace =
          sink.traces().stream()
              .filter(t -> t.spans().stream().anyMatch(s -> s.name().equals("send in")))
              .findFirst()
              .orElseThrow();
      ReceivedSpan in = trace.root();
      assertEquals("send in", in.name());
      ReceivedSpan out = trace.onlyChildOf(in);
      assertEquals("send out", out.name());
      ReceivedSpan end = trace.onlyChildOf(out);
      assertEquals("process out", end.name());
      assertEquals(3, trace.spans().size());
    }
  }
}
