package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.sonde.apps.Profiled;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedProfile.Sample;
import io.sonde.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real OpenTelemetry collector takes profiles and spans, and passes them on. */
class CollectorTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Where each type of profile has its samples in the program. */
  private static final Map<String, String> METHODS =
      Map.of(
          "cpu:nanoseconds:cpu:nanoseconds", "burn",
          "alloc_in_new_tlab_bytes:bytes:space:bytes", "allocateSmall",
          "delay:nanoseconds:block:count", "park");

  @TempDir Path folder;

  private Path programs;

  @BeforeEach
  void find() throws Exception {
    programs = Backend.programs("collector");
    if (programs == null) {
      abort("the collector is not built here: smoke-tests/backends/build collector");
    }
  }

  @Test
  @SuppressWarnings("try") // the collector needs no word from here
  void profiles_passThrough_byBothProtocols() throws Exception {
    int grpc = Ports.free();
    int http = Ports.free();
    try (OtlpSink behind = OtlpSink.http();
        Backend collector = start(grpc, http, behind);
        ForkedJvm byGrpc = profiled("by-grpc", "grpc", grpc);
        ForkedJvm byHttp = profiled("by-http", "http/protobuf", http)) {
      byGrpc.awaitPort(LONG);
      byHttp.awaitPort(LONG);
      for (String service : List.of("by-grpc", "by-http")) {
        METHODS.forEach(
            (type, method) ->
                behind.awaitProfiles(
                    type + " of " + service,
                    one ->
                        one.labels().get("service.name").equals(service)
                            && one.types().contains(type)
                            && one.samples().stream()
                                .anyMatch(
                                    sample ->
                                        sample.has("io/sonde/apps/Profiled." + method)
                                            && sample.label("endpoint").equals("/work")
                                            && !sample.label("span_id").isEmpty()),
                    1,
                    LONG));
      }
      assertLinksLeadToSpans(behind);
      for (ForkedJvm app : List.of(byGrpc, byHttp)) {
        assertTrue(
            app.stderr().stream().noneMatch(line -> line.contains("do not reach")),
            app.stderr()::toString);
      }
    }
  }

  private static void assertLinksLeadToSpans(OtlpSink behind) throws Exception {
    Set<String> wanted =
        behind.profiles().stream()
            .flatMap(profile -> profile.samples().stream())
            .map(CollectorTest::link)
            .filter(link -> link.length() > 1)
            .collect(Collectors.toSet());
    assertTrue(wanted.size() > 10, wanted.size() + " links");
    for (int i = 0; i < 300 && !wanted.isEmpty(); i++) {
      Thread.sleep(200);
      for (ReceivedSpan span : behind.spans()) {
        wanted.remove(span.traceId() + '/' + span.spanId());
      }
    }
    assertEquals(Set.of(), wanted, "links to spans that did not come");
  }

  private static String link(Sample sample) {
    return sample.label("trace_id") + '/' + sample.label("span_id");
  }

  private Backend start(int grpc, int http, OtlpSink behind) throws Exception {
    Path config = folder.resolve("collector.yml");
    Files.writeString(
        config,
        """
        receivers:
          otlp:
            protocols:
              grpc: {endpoint: '127.0.0.1:%d'}
              http: {endpoint: '127.0.0.1:%d'}
        exporters:
          otlp_http: {endpoint: '%s', encoding: proto, compression: none}
        service:
          telemetry: {metrics: {level: none}}
          pipelines:
            traces: {receivers: [otlp], exporters: [otlp_http]}
            profiles: {receivers: [otlp], exporters: [otlp_http]}
        """
            .formatted(grpc, http, behind.endpoint()));
    Backend collector =
        Backend.start(
            folder.resolve("collector.log"),
            List.of(
                programs.resolve("collector").toString(),
                "--config=" + config,
                "--feature-gates=service.profilesSupport"));
    collector.awaitListening(grpc, LONG);
    collector.awaitListening(http, LONG);
    return collector;
  }

  private static ForkedJvm profiled(String service, String protocol, int port) throws Exception {
    return ForkedJvm.onCurrent()
        .classPathOf(Profiled.class)
        .main(Profiled.class)
        .jvmArg("-XX:TieredStopAtLevel=1", "-Xmx256m")
        .agent()
        .env("OTEL_SERVICE_NAME", service)
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port)
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
        .env("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
        .env("SONDE_PROFILES_EXPORTER", "otlp")
        .env("PYROSCOPE_UPLOAD_INTERVAL", "2s")
        .env("SONDE_PROFILER_START_DELAY", "100")
        .start();
  }
}
