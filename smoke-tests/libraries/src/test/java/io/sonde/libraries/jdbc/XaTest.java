package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.jdbc.ProxyXADataSource;
import io.sonde.apps.jdbc.Xa;
import io.sonde.testing.Artifacts;
import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import io.sonde.testing.ReceivedSpan;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Distributed transactions: one span a call, through whatever the driver puts around its
 * connection, and none for what it executes to prepare and to commit.
 */
class XaTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  private static String source(String type, String artifact, String... properties) {
    return type + '|' + Artifacts.file(artifact) + '|' + String.join("|", properties);
  }

  private static String postgresql(String version, String url) {
    return source(
        "org.postgresql.xa.PGXADataSource",
        "org.postgresql:postgresql:" + version,
        "url=" + url,
        "user=postgres");
  }

  private static String proxies() throws Exception {
    String own =
        Path.of(ProxyXADataSource.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    return String.join(
        "|",
        ProxyXADataSource.class.getName(),
        own + File.pathSeparator + Artifacts.file("hsqldb:hsqldb:1.8.0.10"),
        "url=jdbc:hsqldb:mem:proxies");
  }

  @Test
  void eachCall_isOneSpan_andTheTransactionHasNone(@TempDir Path directory) throws Exception {
    try (EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setPort(Ports.free())
                .setPGStartupWait(SOON)
                .setServerConfig("max_prepared_transactions", "4")
                .start();
        OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .directory(directory)
                .jvmArg("-Xverify:all")
                .classPathOf(Xa.class)
                .main(Xa.class)
                .arg(
                    source(
                        "org.h2.jdbcx.JdbcDataSource",
                        "com.h2database:h2:1.4.200",
                        "url=jdbc:h2:mem:h1",
                        "user=sa"),
                    source(
                        "org.h2.jdbcx.JdbcDataSource",
                        "com.h2database:h2:2.4.240",
                        "url=jdbc:h2:mem:h2",
                        "user=sa"),
                    source(
                        "org.hsqldb.jdbc.pool.JDBCXADataSource",
                        "org.hsqldb:hsqldb:2.7.4",
                        "url=jdbc:hsqldb:mem:hsql",
                        "user=SA"),
                    source(
                        "org.apache.derby.jdbc.EmbeddedXADataSource",
                        "org.apache.derby:derby:10.14.2.0",
                        "databaseName=memory:derby",
                        "createDatabase=create"),
                    postgresql("42.2.5", server.getJdbcUrl("postgres", "template1")),
                    postgresql("42.7.4", server.getJdbcUrl("postgres", "postgres")),
                    proxies())
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      Conventions.check(spans);
      Map<String, String> expected = new TreeMap<>();
      for (String database :
          List.of("h1", "h2", "hsql", "derby", "template1", "postgres", "proxies")) {
        expected.put(
            database,
            "CREATE TABLE xa, INSERT xa, BATCH INSERT xa, SELECT xa, UPDATE xa, DROP TABLE xa");
      }
      assertEquals(
          expected,
          spans.stream()
              .collect(
                  Collectors.groupingBy(
                      span -> String.valueOf(span.attribute("db.namespace")),
                      TreeMap::new,
                      Collectors.mapping(ReceivedSpan::name, Collectors.joining(", ")))));
      assertEquals(
          Map.of(
              "db.system.name", "postgresql",
              "db.namespace", "postgres",
              "server.address", "localhost",
              "server.port", (long) server.getPort(),
              "db.query.summary", "BATCH INSERT xa",
              "db.query.text", "INSERT INTO xa VALUES (?)",
              "db.operation.batch.size", 2L),
          spans.stream()
              .filter(span -> span.has("db.namespace", "postgres"))
              .filter(span -> span.name().startsWith("BATCH"))
              .findFirst()
              .orElseThrow()
              .attributes());
      assertTrue(
          jvm.stderr().stream().noneMatch(line -> line.contains("[sonde]")),
          jvm.stderr()::toString);
    }
  }
}
