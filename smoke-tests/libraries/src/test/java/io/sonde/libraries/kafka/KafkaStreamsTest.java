package io.sonde.libraries.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
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
  void recordThroughATopology_staysInItsTrace_andIsCounted() throws IOException {
    int port = Ports.free();
    try (Broker broker = Broker.start(folder);
        OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.onCurrent()
                .agent(sink)
                .quick()
                .jvmArg("-Xmx128m")
                .env("OTEL_METRICS_EXPORTER", "prometheus")
                .env("OTEL_EXPORTER_PROMETHEUS_PORT", Integer.toString(port))
                .classPath(
                    AppSource.of("kafkastreams")
                        .compile(Artifacts.classPath("org.apache.kafka:kafka-streams:3.9.1")))
                .main("app.KafkaStreamsMain")
                .arg(broker.bootstrap(), folder.resolve("state").toString())
                .start()) {
      app.awaitLine(Pattern.compile("^DONE"), PATIENCE);
      URI metrics = URI.create("http://localhost:" + port + "/metrics");
      try (InputStream page = metrics.toURL().openStream()) {
        String text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
        String polled =
            "messaging_operation_name=\"poll\",messaging_destination_name=\"in\","
                + "messaging_consumer_group_name=\"topology\"} [1-9]";
        assertTrue(Pattern.compile(polled).matcher(text).find(), text);
      }
      sink.awaitTrace(3, PATIENCE);
      sink.awaitAll(app, PATIENCE);
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
