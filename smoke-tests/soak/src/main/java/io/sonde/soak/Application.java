package io.sonde.soak;

import io.sonde.apps.Profiled;
import io.sonde.testing.AgentJar;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** One life of an application under load and under the agent. */
final class Application implements AutoCloseable {
  private static final Duration LONG = Duration.ofMinutes(2);

  /** The JVM's own line on an append to the boot path, explained in docs/starting.md. */
  private static final String SHARING = "Sharing is only supported for boot loader classes";

  private final Subject subject;

  /** Each takes some seconds. */
  private static final int TRIES = 20;

  private final ForkedJvm jvm;

  Application(Subject subject, Path folder, String profilesTo, String spansTo, int window) {
    this.subject = subject;
    JvmLaunch launch = ForkedJvm.on(subject.jdk());
    if (subject.jdk().version() >= 21) {
      launch.jvmArg("-XX:+EnableDynamicAgentLoading"); // or each command is warned about
    }
    jvm =
        launch
            .agent()
            .classPathOf(Profiled.class)
            .main(Profiled.class)
            .jvmArg("-Xmx96m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto")
            .property("java.io.tmpdir", folder.toString())
            .env("OTEL_SERVICE_NAME", "soak")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", spansTo)
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .env("OTEL_METRICS_EXPORTER", "otlp")
            .env("OTEL_METRIC_EXPORT_INTERVAL", "10000")
            .env("PYROSCOPE_SERVER_ADDRESS", profilesTo)
            .env("PYROSCOPE_UPLOAD_INTERVAL", window + "s")
            .env("SONDE_PROFILER_ENGINE", subject.engine())
            .env("SONDE_PROFILER_START_DELAY", "500")
            .start();
    jvm.awaitPort(LONG);
  }

  /** What the agent says of itself. */
  Why why() {
    return Why.of(agent("why", Long.toString(jvm.pid())));
  }

  /** Switches the profiler on or off. */
  void profiler(String what) {
    String said = "try again";
    for (int i = 0; i < TRIES && said.contains("try again"); i++) { // it reads a window
      said = agent("profiler", Long.toString(jvm.pid()), what);
    }
    if (said.contains("try again")) {
      throw new IllegalStateException("the profiler does not go " + what + ": " + said);
    }
  }

  private static String agent(String... arguments) {
    try (ForkedJvm command =
        ForkedJvm.on(Jdks.current())
            .jvmArg("-Xmx32m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
            .jar(AgentJar.path())
            .arg(arguments)
            .start()) {
      command.awaitExit(LONG);
      return String.join("\n", command.stdout()) + "\n" + String.join("\n", command.stderr());
    }
  }

  Held held() throws IOException, InterruptedException {
    return Held.of(subject.jdk(), jvm.pid());
  }

  boolean isAlive() {
    return jvm.isAlive();
  }

  /** What of its output is not expected: the application's failures and the JVM's errors. */
  String complaints() {
    StringBuilder said = new StringBuilder();
    for (String line : jvm.stdout()) {
      said.append(line.startsWith("READY") ? "" : line + "\n");
    }
    for (String line : jvm.stderr()) {
      boolean expected = line.startsWith("[sonde]") || line.contains(SHARING);
      said.append(expected ? "" : line + "\n");
    }
    return said.toString();
  }

  /** The agent's lines. */
  String said() {
    return String.join("\n", jvm.stderr());
  }

  /** SIGTERM; returns the milliseconds that its end took. */
  long stop() {
    long start = System.nanoTime();
    jvm.stop(LONG);
    return (System.nanoTime() - start) / 1_000_000;
  }

  /** SIGKILL. */
  @Override
  public void close() {
    jvm.close();
  }
}
