package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.jdbc.Tour;
import io.sonde.testing.Artifacts;
import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** SQL Server's drivers as they ship, against a server that speaks its protocol: see there. */
class SqlServerTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  private static final String TOUR =
      "DROP TABLE tour, CREATE TABLE tour, INSERT tour, UPDATE tour, SELECT tour,"
          + " INSERT tour, INSERT tour, INSERT tour, DELETE tour, INSERT tour, INSERT tour,"
          + " INSERT tour, SELECT tour, INSERT tour, BATCH INSERT tour, INSERT tour,"
          + " BATCH INSERT tour, BATCH UPDATE tour, BATCH, SELECT no_such_table 208,"
          + " INSERT tour 2627, BATCH INSERT tour 2627, UPDATE tour, UPDATE tour, call tally,"
          + " DROP TABLE tour";

  private static String tour(String artifact, String driver, String url) {
    return String.join(
        "|", driver, url, "sa", "secret", "{call tally}", Artifacts.file(artifact).toString());
  }

  private static String microsoft(String version, int port, String parameters) {
    return tour(
        "com.microsoft.sqlserver:mssql-jdbc:" + version,
        "com.microsoft.sqlserver.jdbc.SQLServerDriver",
        "jdbc:sqlserver://localhost:" + port + ";encrypt=false;" + parameters);
  }

  private static String jtds(String version, int port, String database) {
    return tour(
        "net.sourceforge.jtds:jtds:" + version,
        "net.sourceforge.jtds.jdbc.Driver",
        "jdbc:jtds:sqlserver://localhost:" + port + '/' + database);
  }

  @Test
  void eachCall_isOneSpan_inEveryDriver() {
    try (TdsServer server = new TdsServer();
        OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .jvmArg("-Xverify:all")
                .classPathOf(Tour.class)
                .main(Tour.class)
                .arg(
                    microsoft("6.4.0.jre8", server.port(), "databaseName=ms6"),
                    microsoft("9.4.1.jre8", server.port(), "databaseName=ms9"),
                    microsoft("12.8.1.jre11", server.port(), "databaseName=ms12"),
                    microsoft("13.6.2.jre11", server.port(), "databaseName=ms13"),
                    jtds("1.3.1", server.port(), "jtds"))
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      Conventions.check(spans);
      Map<String, String> expected = new HashMap<>();
      for (String database : List.of("ms6", "ms9", "ms12", "ms13")) {
        expected.put(database, TOUR);
      }
      // jTDS has no large counts.
      expected.put(
          "jtds",
          TOUR.replaceFirst("DELETE tour, INSERT tour, ", "")
              .replaceFirst("BATCH INSERT tour, BATCH UPDATE", "BATCH UPDATE"));
      assertEquals(
          expected,
          spans.stream()
              .collect(
                  Collectors.groupingBy(
                      SqlServerTest::database,
                      Collectors.mapping(SqlServerTest::call, Collectors.joining(", ")))),
          () -> String.join("\n", jvm.stdout()));
      for (ReceivedSpan span : spans) {
        assertEquals(Kind.CLIENT, span.kind());
        assertEquals("microsoft.sql_server", span.attribute("db.system.name"));
        assertEquals("localhost", span.attribute("server.address"));
        assertEquals((long) server.port(), span.attribute("server.port"));
        assertEquals(span.attribute("error.type"), span.attribute("db.response.status_code"));
        assertFalse(String.valueOf(span.attributes()).contains("secret"), span::toString);
      }
      assertEquals(
          Map.of(
              "db.system.name", "microsoft.sql_server",
              "db.namespace", "ms13",
              "server.address", "localhost",
              "server.port", (long) server.port(),
              "db.query.summary", "UPDATE tour",
              "db.query.text", "UPDATE tour SET name = ? WHERE id IN (?)"),
          spans.stream()
              .filter(span -> database(span).equals("ms13") && span.name().equals("UPDATE tour"))
              .findFirst()
              .orElseThrow()
              .attributes());
      assertTrue(
          jvm.stderr().stream().noneMatch(line -> line.contains("[sonde]")),
          jvm.stderr()::toString);
    }
  }

  private static String database(ReceivedSpan span) {
    return String.valueOf(span.attribute("db.namespace"));
  }

  private static String call(ReceivedSpan span) {
    Object code = span.attribute("db.response.status_code");
    return code == null ? span.name() : span.name() + ' ' + code;
  }
}
