package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that is in no table, by itself, through its DataSource, and inside of wrappers. */
class UnknownDriverTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  @Test
  void eachCall_isOneSpan_howeverTheDriverIsReached(@TempDir Path directory) {
    List<Path> libraries =
        Artifacts.classPath(
            "hsqldb:hsqldb:1.8.0.10",
            "com.h2database:h2:2.1.214",
            "p6spy:p6spy:3.9.1",
            "net.ttddyy:datasource-proxy:1.10.1",
            "com.zaxxer:HikariCP:4.0.3",
            "org.slf4j:slf4j-nop:1.7.36");
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .directory(directory)
                .jvmArg("-Xverify:all")
                .classPath(AppSource.of("unknowndriver").compile(libraries))
                .main("app.UnknownMain")
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      Conventions.check(spans);
      String calls = "create table NAME, insert NAME, BATCH insert NAME, select NAME";
      for (String name : List.of("datasource", "hikari", "p6spy_datasource", "proxy")) {
        assertEquals((calls + ", drop table NAME").replace("NAME", name), calls(spans, name));
      }
      for (String name : List.of("manager", "p6spy", "p6spy_h2")) {
        assertEquals(calls.replace("NAME", name), calls(spans, name));
      }
      ReceivedSpan select =
          spans.stream().filter(span -> span.name().equals("select datasource")).findFirst().get();
      assertEquals(
          Map.of(
              "db.system.name", "hsqldb",
              "db.namespace", "datasource",
              "db.query.summary", "select datasource",
              "db.query.text", "select id from datasource where id = ?"),
          select.attributes());
      assertTrue(
          jvm.stderr().stream().noneMatch(line -> line.contains("[sonde]")),
          jvm.stderr()::toString);
    }
  }

  private static String calls(List<ReceivedSpan> spans, String database) {
    return spans.stream()
        .filter(span -> span.has("db.namespace", database))
        .map(ReceivedSpan::name)
        // The test query of the pool.
        .filter(name -> !name.equals("CALL"))
        .collect(Collectors.joining(", "));
  }
}
