package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Status;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real PostgreSQL through each pool, with an old and a new driver: one span a call. */
class PostgresqlTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final List<String> POOLS =
      List.of("hikari", "hikari_datasource", "dbcp", "tomcat", "c3p0");

  @ParameterizedTest
  @ValueSource(strings = {"42.2.5", "42.7.4"})
  void eachCall_isOneSpan_throughEachPool(String driver) throws Exception {
    List<Path> libraries =
        Artifacts.classPath(
            "org.postgresql:postgresql:" + driver,
            "com.zaxxer:HikariCP:4.0.3",
            "org.apache.commons:commons-dbcp2:2.12.0",
            "org.apache.tomcat:tomcat-jdbc:9.0.98",
            "com.mchange:c3p0:0.9.5.5",
            "org.slf4j:slf4j-nop:1.7.36");
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder().setPort(Ports.free()).setPGStartupWait(LONG).start();
        OtlpSink sink = OtlpSink.http();
        ForkedJvm app =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .classPath(AppSource.of("pools").compile(libraries))
                .main("app.PoolsMain")
                .arg("jdbc:postgresql://localhost:" + server.getPort() + "/postgres")
                .start()) {
      app.awaitPort(LONG);
      List<ReceivedSpan> spans = sink.awaitAll(app, LONG);
      Conventions.check(spans);
      for (String pool : POOLS) {
        check(spans, pool, server.getPort());
      }
    }
  }

  private static void check(List<ReceivedSpan> all, String pool, int port) {
    List<ReceivedSpan> spans =
        all.stream().filter(span -> span.name().matches(".* " + pool)).toList();
    assertEquals(
        List.of("create table " + pool, "insert " + pool, "insert " + pool, "select " + pool),
        spans.stream().map(ReceivedSpan::name).toList(),
        all::toString);
    for (ReceivedSpan span : spans) {
      assertEquals("postgresql", span.attribute("db.system.name"));
      assertEquals("postgres", span.attribute("db.namespace"));
      assertEquals("localhost", span.attribute("server.address"));
      assertEquals((long) port, span.attribute("server.port"));
    }
    assertEquals("insert into " + pool + " values (?)", spans.get(1).attribute("db.query.text"));
    ReceivedSpan failed = spans.get(3);
    assertEquals("select id from " + pool + " where id > ?", failed.attribute("db.query.text"));
    assertEquals(Status.ERROR, failed.status());
    assertEquals("22P02", failed.attribute("db.response.status_code"));
    assertEquals("22P02", failed.attribute("error.type"));
  }
}
