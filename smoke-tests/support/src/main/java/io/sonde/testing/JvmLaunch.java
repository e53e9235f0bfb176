package io.sonde.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM is to be started with; each call changes and returns this launch.
 *
 * <p>The child inherits the environment of this process without its {@code OTEL_*}, {@code
 * SONDE_*}, {@code PYROSCOPE_*} and JVM option variables, so that a test means what it says on any
 * machine.
 */
public final class JvmLaunch {
  private final Jdk jdk;
  private final List<String> jvmArgs = new ArrayList<>();
  private final Map<String, String> properties = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final List<Path> classPath = new ArrayList<>();
  private final List<String> program = new ArrayList<>();
  private final List<String> args = new ArrayList<>();
  private @Nullable Path directory;

  JvmLaunch(Jdk jdk) {
    this.jdk = jdk;
  }

  /** With the agent of this build: see {@link AgentJar}. */
  public JvmLaunch agent() {
    return agent(AgentJar.path());
  }

  /** With this agent. */
  public JvmLaunch agent(Path jar) {
    return jvmArg("-javaagent:" + jar.toAbsolutePath());
  }

  /** With the agent of this build, exporting to this sink soon after a span has ended. */
  public JvmLaunch agent(OtlpSink sink) {
    return agent().exportTo(sink);
  }

  /** Points any OpenTelemetry-configured agent at this sink, traces only, with a short delay. */
  public JvmLaunch exportTo(OtlpSink sink) {
    return env("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", sink.protocol())
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("OTEL_LOGS_EXPORTER", "none")
        .env("OTEL_BSP_SCHEDULE_DELAY", "100");
  }

  public JvmLaunch jvmArg(String... added) {
    jvmArgs.addAll(List.of(added));
    return this;
  }

  /** For a short life, in which the optimising compiler costs more than it gains. */
  public JvmLaunch quick() {
    return jvmArg("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  }

  /** A system property. */
  public JvmLaunch property(String key, String value) {
    properties.put(key, value);
    return this;
  }

  public JvmLaunch env(String key, String value) {
    environment.put(key, value);
    return this;
  }

  public JvmLaunch classPath(Collection<Path> added) {
    classPath.addAll(added);
    return this;
  }

  /** With the class path of this test: its own classes can be the program. */
  public JvmLaunch classPathOfThisTest() {
    String own =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : own.split(java.util.regex.Pattern.quote(File.pathSeparator))) {
      if (!entry.isEmpty()) {
        classPath.add(Path.of(entry));
      }
    }
    return this;
  }

  /** The folder or jar that this class was loaded from, and nothing else of this test. */
  public JvmLaunch classPathOf(Class<?> type) {
    try {
      classPath.add(Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()));
    } catch (java.net.URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
    return this;
  }

  public JvmLaunch main(Class<?> type) {
    return main(type.getName());
  }

  public JvmLaunch main(String type) {
    program.clear();
    program.add(type);
    return this;
  }

  public JvmLaunch jar(Path jar) {
    program.clear();
    program.add("-jar");
    program.add(jar.toAbsolutePath().toString());
    return this;
  }

  public JvmLaunch arg(String... added) {
    args.addAll(List.of(added));
    return this;
  }

  public JvmLaunch directory(Path path) {
    directory = path;
    return this;
  }

  /** The command line as it will be run. */
  public List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.addAll(jvmArgs);
    properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
    if (!classPath.isEmpty()) {
      command.add("-cp");
      command.add(
          classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    }
    command.addAll(program);
    command.addAll(args);
    return command;
  }

  public ForkedJvm start() {
    ProcessBuilder builder = new ProcessBuilder(command());
    Map<String, String> env = builder.environment();
    env.keySet()
        .removeIf(
            key ->
                key.matches("(OTEL|SONDE|PYROSCOPE)_.*")
                    || key.matches("_JAVA_OPTIONS|(JAVA_TOOL|JDK_JAVA)_OPTIONS|CLASSPATH"));
    env.putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    try {
      return new ForkedJvm(builder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + String.join(" ", command()), e);
    }
  }
}
