package io.sonde.overhead;

import io.sonde.testing.Artifacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to measure, from the command line and the environment.
 *
 * @param root the checkout
 * @param only "", "start", "steady" or "switched"
 * @param out the page whose measured part is replaced
 */
record Settings(
    Path root,
    int rounds,
    boolean quick,
    String only,
    int minutes,
    Path out,
    Path sondeJar,
    String openTelemetryVersion,
    List<String> jvmArgs) {

  /** The version of the extension, which brings the profiler along. */
  static final String PYROSCOPE = "1.0.2";

  private static final String SWITCHED = "switched";

  static final String USAGE =
      """
      usage: smoke-tests/overhead/run [--rounds=N] [--minutes=N] [--quick] [--only=start|steady|switched] [--out=FILE]

        --rounds=N    rounds of starts and load (5)
        --minutes=N   begins no further round after its share of this time (15)
        --quick       one short round, as a check that all of it works; writes target/overhead.md
        --only=PART   only the starts, only the load, or only two servers whose profilers are switched
        --out=FILE    the page to write into (docs/overhead.md)

      environment:
        SONDE_OVERHEAD_AGENT     another jar instead of agent/dist/target/sonde-agent.jar
        SONDE_OVERHEAD_OTEL      version of the OpenTelemetry agent (2.33.1)
        SONDE_OVERHEAD_JVM_ARGS  for each measured JVM (-Xms256m -Xmx256m -Xmn64m)
      """;

  /** Thrown with what is wrong with the command line; without a message if help was asked for. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  static Settings parse(List<String> args, Map<String, String> env) throws UsageException {
    Path root = Path.of("").toAbsolutePath();
    int rounds = 5;
    int minutes = 15;
    boolean quick = false;
    String only = "";
    String out = "";
    for (String arg : args) {
      String value = arg.substring(arg.indexOf('=') + 1);
      switch (arg.replaceFirst("=.*", "")) {
        case "--root" -> root = Path.of(value);
        case "--rounds" -> rounds = number(arg, value);
        case "--minutes" -> minutes = number(arg, value);
        case "--quick" -> quick = true;
        case "--out" -> out = value;
        case "--only" -> {
          if (!List.of("start", "steady", SWITCHED).contains(value)) {
            throw new UsageException(arg + ": start, steady or switched");
          }
          only = value;
        }
        case "-h", "--help" -> throw new UsageException("");
        default -> throw new UsageException("unknown option " + arg);
      }
    }
    String page = quick ? "smoke-tests/overhead/target/overhead.md" : "docs/overhead.md";
    return new Settings(
        root,
        quick ? 1 : rounds,
        quick,
        only,
        minutes,
        out.isEmpty() ? root.resolve(page) : Path.of(out),
        Path.of(
            env.getOrDefault(
                "SONDE_OVERHEAD_AGENT",
                root.resolve("agent/dist/target/sonde-agent.jar").toString())),
        env.getOrDefault("SONDE_OVERHEAD_OTEL", "2.33.1"),
        List.of(
            env.getOrDefault("SONDE_OVERHEAD_JVM_ARGS", "-Xms256m -Xmx256m -Xmn64m").split(" +")));
  }

  private static int number(String arg, String value) throws UsageException {
    if (!value.matches("[1-9]\\d{0,3}")) {
      throw new UsageException(arg + ": a number from 1 to 9999");
    }
    return Integer.parseInt(value);
  }

  Path openTelemetryJar() {
    return Artifacts.file(
        "io.opentelemetry.javaagent:opentelemetry-javaagent:" + openTelemetryVersion);
  }

  Path pyroscopeJar() {
    return Artifacts.file("io.pyroscope:otel:" + PYROSCOPE);
  }

  Path shopJar() {
    return root.resolve("sample-apps/shop/target/shop.jar");
  }

  boolean starts() {
    return only.isEmpty() || only.equals("start");
  }

  boolean steady() {
    return only.isEmpty() || only.equals("steady");
  }

  /** Of the load nothing but two servers, whose profilers are switched off and on. */
  boolean switched() {
    return only.equals(SWITCHED);
  }
}
