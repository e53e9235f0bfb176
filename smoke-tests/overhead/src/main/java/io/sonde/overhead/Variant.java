package io.sonde.overhead;

import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import java.nio.file.Path;
import java.util.List;

/** One way to run an application: its name in the tables, and what it adds to the command line. */
record Variant(String name, List<String> jvmArgs) {
  static final String BARE = "no agent";
  static final String BARE_AGAIN = "no agent, again";
  static final String SONDE = "Sonde";
  static final String OPEN_TELEMETRY = "OpenTelemetry";

  static Variant bare() {
    return new Variant(BARE, List.of());
  }

  static Variant bareAgain() {
    return new Variant(BARE_AGAIN, List.of());
  }

  static Variant sonde(Path jar) {
    return new Variant(SONDE, List.of("-javaagent:" + jar));
  }

  static Variant openTelemetry(Path jar) {
    return new Variant(OPEN_TELEMETRY, List.of("-javaagent:" + jar));
  }

  boolean isBare() {
    return name.equals(BARE);
  }

  /** The launch with this variant's arguments, its spans going to this sink. */
  JvmLaunch apply(JvmLaunch launch, OtlpSink sink) {
    return launch
        .exportTo(sink)
        .env("OTEL_BSP_SCHEDULE_DELAY", "1000")
        .jvmArg(jvmArgs.toArray(String[]::new));
  }
}
