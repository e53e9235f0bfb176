package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.jdbc.Storm;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Drivers that are loaded by many loaders and threads at once: no deadlock, and every span. */
class StormTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  static List<Jdk> jdks() {
    return Jdks.all().stream().filter(jdk -> List.of(8, 17, 25).contains(jdk.version())).toList();
  }

  private static String driver(String driver, String url, String classes, String artifact) {
    return String.join("|", driver, url, classes, Artifacts.file(artifact).toString());
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void manyLoadersAtOnce_eachCallIsOneSpan(Jdk jdk) {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.on(jdk)
                .agent(sink)
                .jvmArg("-Xmx256m")
                .classPathOf(Storm.class)
                .main(Storm.class)
                .arg(
                    driver(
                        "org.h2.Driver",
                        "jdbc:h2:mem:storm",
                        "org.h2.jdbc.JdbcPreparedStatement",
                        "com.h2database:h2:1.4.200"),
                    driver(
                        "org.hsqldb.jdbcDriver",
                        "jdbc:hsqldb:mem:storm",
                        "org.hsqldb.jdbc.jdbcConnection,org.hsqldb.jdbc.jdbcPreparedStatement",
                        "hsqldb:hsqldb:1.8.0.10"))
                .start()) {
      String failures = jvm.awaitLine(Pattern.compile("FAILURES (\\d+)"), LONG).group(1);
      assertEquals("0", failures, () -> String.join("\n", jvm.stdout()));
      assertTrue(
          jvm.stderr().stream().noneMatch(line -> line.contains("[sonde]")),
          jvm.stderr()::toString);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, LONG);
      Map<String, Long> names =
          spans.stream().collect(Collectors.groupingBy(ReceivedSpan::name, Collectors.counting()));
      // Eight threads, two rounds, two drivers.
      assertEquals(
          Map.of("CREATE TABLE storm", 32L, "INSERT storm", 32L, "SELECT storm", 32L), names);
      Map<Object, Long> databases =
          spans.stream()
              .map(span -> span.attribute("db.namespace"))
              .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
      assertEquals(32, databases.size());
      assertTrue(databases.values().stream().allMatch(calls -> calls == 3), databases::toString);
    }
  }
}
