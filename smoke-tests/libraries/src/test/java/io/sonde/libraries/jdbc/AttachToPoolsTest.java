package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.AgentCommand;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The agent attached to a JVM whose pools are open and in use. */
class AttachToPoolsTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  @ParameterizedTest
  @ValueSource(ints = {8, 25})
  void openConnections_areTraced_afterTheAttach(int version) {
    Jdk jdk = Jdks.of(version).orElse(Jdks.current());
    List<Path> libraries =
        Artifacts.classPath(
            "com.h2database:h2:1.4.200",
            "com.zaxxer:HikariCP:4.0.3",
            "org.apache.commons:commons-dbcp2:2.9.0",
            "org.apache.tomcat:tomcat-jdbc:8.5.100",
            "com.mchange:c3p0:0.9.5.5",
            "org.slf4j:slf4j-nop:1.7.36");
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.on(jdk)
                .exportTo(sink)
                .classPath(AppSource.of("attach/pools").compile(libraries))
                .property("com.zaxxer.hikari.aliveBypassWindowMs", "600000")
                .main("app.RunningPools")
                .start()) {
      app.awaitPort(SOON);
      String said = AgentCommand.run(jdk, "attach", Long.toString(app.pid()));
      assertTrue(said.contains("is in JVM " + app.pid() + " now"), said);
      sink.awaitSpans(span -> span.name().equals("update hikari_h2"), 2, SOON);
      sink.clear();
      sink.awaitSpans(span -> span.name().equals("update hikari_h2"), 5, SOON);
      Map<String, Set<String>> names = new TreeMap<>();
      for (ReceivedSpan span : sink.spans()) {
        String database = (String) span.attribute("db.namespace");
        names.computeIfAbsent(String.valueOf(database), key -> new TreeSet<>()).add(span.name());
        assertEquals("h2database", span.attribute("db.system.name"));
      }
      Set<String> known = calls("h2");
      known.add("update hikari_h2");
      // The kept statement was prepared before the agent came: its text is not known.
      known.add("h2");
      assertEquals(Map.of("h2", known), names);
      oneSpanACall(sink.spans());
      int round = rounds(app);
      app.awaitLine(Pattern.compile("ROUND " + (round + 2)), SOON);
      assertTrue(
          app.stderr().stream().noneMatch(line -> line.startsWith("[sonde]")),
          app.stderr()::toString);
    }
  }

  private static Set<String> calls(String system) {
    Set<String> names = new TreeSet<>();
    for (String pool : List.of("hikari", "dbcp", "tomcat", "c3p0")) {
      names.add("delete " + pool + '_' + system);
      names.add("insert " + pool + '_' + system);
    }
    return names;
  }

  /** No call has two spans: of any two names, one is at most a round ahead. */
  private static void oneSpanACall(List<ReceivedSpan> spans) {
    Map<String, Integer> counts = new TreeMap<>();
    spans.forEach(span -> counts.merge(span.name(), 1, Integer::sum));
    counts.remove("h2");
    int least = counts.values().stream().min(Integer::compare).orElseThrow();
    int most = counts.values().stream().max(Integer::compare).orElseThrow();
    assertTrue(most - least <= 1, counts::toString);
  }

  private static int rounds(ForkedJvm app) {
    List<String> lines = app.stdout();
    return Integer.parseInt(lines.get(lines.size() - 1).replaceAll("\\D+", ""));
  }
}
