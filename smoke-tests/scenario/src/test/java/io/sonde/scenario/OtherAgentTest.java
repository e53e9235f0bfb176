package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Hello;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.JvmLaunch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Beside the OpenTelemetry agent, before it and after it, Sonde says so in one line and the
 * application runs.
 */
class OtherAgentTest {
  private static final Path OTHER =
      Artifacts.file("io.opentelemetry.javaagent:opentelemetry-javaagent:2.33.1");

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherTracingAgent_isNamedInOneLine(boolean sondeFirst) {
    JvmLaunch launch = ForkedJvm.onCurrent().classPathOf(Hello.class).main(Hello.class);
    JvmLaunch both = sondeFirst ? launch.agent().agent(OTHER) : launch.agent(OTHER).agent();
    both.env("OTEL_TRACES_EXPORTER", "none")
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("OTEL_LOGS_EXPORTER", "none");
    try (ForkedJvm app = both.start()) {
      assertEquals(Hello.EXIT, app.awaitExit(Duration.ofSeconds(90)));
      List<String> ours = app.stderr().stream().filter(line -> line.startsWith("[sonde]")).toList();
      assertEquals(1, ours.size(), ours::toString);
      String off = sondeFirst ? "Sonde's tracing" : "all of Sonde, profiles and metrics too,";
      assertTrue(
          ours.get(0)
              .startsWith(
                  "[sonde] The OpenTelemetry agent is in this JVM too: " + off + " stays off"),
          ours::toString);
      assertTrue(app.stdout().contains("hello []"), app.stdout()::toString);
    }
  }

  /** Each profile would be there twice. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pyroscopesAgent_hasTheProfilesToItself(boolean sondeFirst) {
    Path other = Artifacts.file(Artifacts.PYROSCOPE_AGENT);
    JvmLaunch launch = ForkedJvm.onCurrent().classPathOf(Hello.class).main(Hello.class);
    JvmLaunch both = sondeFirst ? launch.agent().agent(other) : launch.agent(other).agent();
    both.env("PYROSCOPE_SERVER_ADDRESS", "http://localhost:1");
    try (ForkedJvm app = both.start()) {
      assertEquals(Hello.EXIT, app.awaitExit(Duration.ofSeconds(90)));
      List<String> ours = app.stderr().stream().filter(line -> line.startsWith("[sonde]")).toList();
      assertEquals(
          List.of(
              "[sonde] Pyroscope's agent is in this JVM too: Sonde's profiler stays off, so that no"
                  + " profile is there twice; remove one of the two"),
          ours);
      assertTrue(
          app.stdout().stream().anyMatch(line -> line.startsWith("hello [")),
          app.stdout()::toString);
    }
  }
}
