package io.sonde.overhead;

import io.sonde.testing.JvmLaunch;
import java.nio.file.Path;
import java.util.List;

/** One way to run an application: its name in the tables, and what it adds to the command line. */
record Variant(String name, List<String> jvmArgs, boolean profiles) {
  static final String BARE = "no agent";
  static final String BARE_AGAIN = "no agent, again";
  static final String SONDE = "Sonde";
  static final String SONDE_PROFILING = "Sonde, profiling";
  static final String SONDE_PROFILING_AGAIN = "Sonde, profiling, again";
  static final String OPEN_TELEMETRY = "OpenTelemetry";
  static final String PYROSCOPE = "OpenTelemetry, Pyroscope";

  /** Of an agent that makes no profiles. */
  Variant(String name, List<String> jvmArgs) {
    this(name, jvmArgs, false);
  }

  static Variant bare() {
    return new Variant(BARE, List.of());
  }

  static Variant bareAgain() {
    return new Variant(BARE_AGAIN, List.of());
  }

  static Variant sonde(Path jar) {
    return new Variant(SONDE, List.of("-javaagent:" + jar));
  }

  static Variant sondeProfiling(Path jar) {
    return new Variant(SONDE_PROFILING, List.of("-javaagent:" + jar), true);
  }

  static Variant sondeProfilingAgain(Path jar) {
    return new Variant(SONDE_PROFILING_AGAIN, List.of("-javaagent:" + jar), true);
  }

  /** With the extension that links profiles to spans, which brings its profiler along. */
  static Variant pyroscope(Path jar, Path extension) {
    return new Variant(
        PYROSCOPE, List.of("-javaagent:" + jar, "-Dotel.javaagent.extensions=" + extension), true);
  }

  static Variant openTelemetry(Path jar) {
    return new Variant(OPEN_TELEMETRY, List.of("-javaagent:" + jar));
  }

  boolean isBare() {
    return name.equals(BARE);
  }

  /** The launch with this variant's arguments, its spans and profiles going to these sinks. */
  JvmLaunch apply(JvmLaunch launch, Sinks sinks) {
    if (profiles) {
      launch
          .env("PYROSCOPE_SERVER_ADDRESS", sinks.profiles().address())
          .env("PYROSCOPE_APPLICATION_NAME", "shop")
          .env("PYROSCOPE_UPLOAD_INTERVAL", "15s");
      if (name.equals(PYROSCOPE)) { // what Sonde does without being told
        launch.env("PYROSCOPE_FORMAT", "jfr");
        launch.env("PYROSCOPE_PROFILER_ALLOC", "512k").env("PYROSCOPE_PROFILER_LOCK", "10ms");
      }
    }
    return launch
        .exportTo(sinks.spans())
        .env("OTEL_BSP_SCHEDULE_DELAY", "1000")
        .jvmArg(jvmArgs.toArray(String[]::new));
  }
}
