package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Chain;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.Trace;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is set arrives where it counts, as other services of a platform have it set. */
class SettingsTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String TRACE = "80f198ee56343ba864fe8b2a57d3eff7";
  private static final String CALLER = "e457b5a2e4d86bd1";

  /** gRPC is where most of the senders' own code runs: the oldest and the newest there are. */
  static Stream<Jdk> jdks() {
    List<Jdk> all = Jdks.all();
    return Stream.of(all.get(0), all.get(all.size() - 1)).distinct();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void wordsInCapitals_endpointWithoutScheme_unknownPropagator(Jdk jdk) throws Exception {
    try (OtlpSink sink = OtlpSink.grpc();
        ForkedJvm app =
            ForkedJvm.on(jdk)
                .agent()
                .classPathOf(Chain.class)
                .classPath(Artifacts.classPath("com.h2database:h2:1.4.200"))
                .main(Chain.class)
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:" + sink.port())
                .env("OTEL_EXPORTER_OTLP_INSECURE", "true")
                .env("OTEL_EXPORTER_OTLP_PROTOCOL", "GRPC")
                .env("OTEL_EXPORTER_OTLP_COMPRESSION", "GZIP")
                .env("OTEL_METRICS_EXPORTER", "none")
                .env("OTEL_BSP_SCHEDULE_DELAY", "100")
                .env("OTEL_TRACES_SAMPLER", "ParentBased_Always_Off")
                .env("OTEL_PROPAGATORS", "B3,nonsense")
                .env("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "7")
                .env("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "4")
                .start()) {
      int port = app.awaitPort(LONG);
      get(port, "0");
      get(port, TRACE + '-' + CALLER + "-1");
      List<ReceivedSpan> spans = sink.awaitAll(app, LONG);
      assertEquals(4, spans.size(), spans::toString);
      Trace trace = sink.traces().get(0);
      ReceivedSpan front =
          spans.stream().filter(s -> s.parentSpanId().equals(CALLER)).findFirst().orElseThrow();
      assertEquals(TRACE, front.traceId());
      trace.onlyChildOf(trace.onlyChildOf(trace.onlyChildOf(front)));
      for (ReceivedSpan span : spans) {
        assertTrue(span.attributes().size() <= 7, span::toString);
      }
      assertTrue(front.droppedAttributes() > 0, front::toString);
      assertEquals("loca", front.attribute("server.address"));
      List<String> said = app.stderr().stream().filter(l -> l.startsWith("[sonde]")).toList();
      assertEquals(1, said.size(), said::toString);
      assertTrue(said.get(0).contains("OTEL_PROPAGATORS='nonsense'"), said.get(0));
    }
  }

  private static void get(int port, String b3) throws Exception {
    HttpURLConnection call =
        (HttpURLConnection)
            URI.create("http://localhost:" + port + "/orders").toURL().openConnection();
    call.setRequestProperty("b3", b3);
    try (InputStream in = call.getInputStream()) {
      assertEquals("stock 3", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
