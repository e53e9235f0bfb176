package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.apps.jdbc.Catalog;
import io.sonde.apps.jdbc.Tour;
import io.sonde.apps.jdbc.Xa;
import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real MariaDB and MySQL servers with the drivers that people have: one span a call. */
class MysqlTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  /** What each driver does, in order; a failure with its code. */
  private static final String TOUR =
      "DROP TABLE tour 1051, CREATE TABLE tour, INSERT tour, UPDATE tour, SELECT tour,"
          + " INSERT tour, INSERT tour, INSERT tour, DELETE tour, INSERT tour, INSERT tour,"
          + " INSERT tour, SELECT tour, INSERT tour, BATCH INSERT tour, INSERT tour,"
          + " BATCH INSERT tour, BATCH UPDATE tour, BATCH, SELECT no_such_table 1146,"
          + " INSERT tour 1062, BATCH INSERT tour 1062, UPDATE tour, UPDATE tour, call tally,"
          + " DROP TABLE tour";

  private static MysqlServer mariadb;
  private static MysqlServer mysql;

  @BeforeAll
  static void start() {
    assumeTrue(MysqlServer.runsHere(), "not tested here: MariaDB and MySQL");
    mariadb = MysqlServer.mariadb("ma1", "ma2", "ma3", "ma4", "my50", "xa18", "xa27", "xa35");
    mysql =
        MysqlServer.mysql(
            "my51", "my80", "my9", "my26", "hosts51", "hosts26", "pools", "xa51", "xa26");
  }

  @AfterAll
  static void stop() {
    for (MysqlServer server : Arrays.asList(mariadb, mysql)) {
      if (server != null) {
        server.close();
      }
    }
  }

  private static String tour(String artifact, String database) {
    return tour(artifact, database, "");
  }

  /** With several hosts the connection is a proxy by java.lang.reflect. */
  private static String tour(String artifact, String database, String kind) {
    boolean maria = artifact.startsWith("org.mariadb");
    String driver = maria ? "org.mariadb.jdbc.Driver" : "com.mysql.jdbc.Driver";
    if (artifact.startsWith("com.mysql:") || artifact.contains(":8.")) {
      driver = "com.mysql.cj.jdbc.Driver";
    }
    // What is older than 5.1.46 does not know MySQL 8, but it does know MariaDB.
    int port = maria || database.startsWith("my50") ? mariadb.port() : mysql.port();
    String host = "127.0.0.1:" + port;
    String hosts = kind.isEmpty() ? "//" + host : kind + "://" + host + ',' + host;
    String url = (maria ? "jdbc:mariadb:" : "jdbc:mysql:") + hosts;
    return String.join(
        "|",
        driver,
        url + '/' + database,
        "root",
        "",
        "{call tally()}",
        Artifacts.file(artifact).toString());
  }

  /** By statements that the driver prepares in a way of its own. */
  @Test
  void metadata_isAskedWithATextThatIsKnown(@TempDir Path directory) {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .directory(directory)
                .classPathOf(Catalog.class)
                .main(Catalog.class)
                .arg(tour("com.mysql:mysql-connector-j:26.10.0", "my26?useInformationSchema=true"))
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      assertFalse(spans.isEmpty());
      for (ReceivedSpan span : spans) {
        assertNotNull(span.attribute("db.query.text"), span.toString());
      }
    }
  }

  @Test
  void eachCall_isOneSpan_inEveryDriver(@TempDir Path directory) {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .directory(directory)
                .jvmArg("-Xverify:all")
                .classPathOf(Tour.class)
                .main(Tour.class)
                .arg(
                    tour("org.mariadb.jdbc:mariadb-java-client:1.8.0", "ma1"),
                    tour("org.mariadb.jdbc:mariadb-java-client:2.7.12", "ma2"),
                    tour(
                        "org.mariadb.jdbc:mariadb-java-client:3.5.6",
                        "ma3?useServerPrepStmts=true&useBulkStmts=true"),
                    tour(
                        "org.mariadb.jdbc:mariadb-java-client:4.0.0",
                        "ma4?sslMode=disable&user=root&password=secret"),
                    tour("mysql:mysql-connector-java:5.1.34", "my50?useSSL=false"),
                    tour(
                        "mysql:mysql-connector-java:5.1.49",
                        "my51?useSSL=false&useServerPrepStmts=true&cachePrepStmts=true"),
                    tour("mysql:mysql-connector-java:8.0.11", "my80?useSSL=false"),
                    tour(
                        "com.mysql:mysql-connector-j:9.5.0",
                        "my9?sslMode=DISABLED&useServerPrepStmts=true&cachePrepStmts=true"),
                    tour(
                        "com.mysql:mysql-connector-j:26.10.0",
                        "my26?sslMode=DISABLED&rewriteBatchedStatements=true"),
                    tour(
                        "mysql:mysql-connector-java:5.1.49", "hosts51?useSSL=false", "loadbalance"),
                    tour(
                        "com.mysql:mysql-connector-j:26.10.0",
                        "hosts26?sslMode=DISABLED",
                        "replication"))
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      Map<String, String> names = new HashMap<>();
      for (String database : spans.stream().map(MysqlTest::database).distinct().toList()) {
        names.put(database, calls(spans, database));
      }
      Map<String, String> expected = new HashMap<>();
      for (String database :
          List.of("ma2", "ma3", "ma4", "my51", "my80", "my9", "my26", "hosts51", "hosts26")) {
        expected.put(database, TOUR);
      }
      // The old ones have not all of executeLargeUpdate and executeLargeBatch.
      String old = TOUR.replaceFirst("(DELETE tour, INSERT tour), INSERT tour", "$1");
      expected.put("ma1", old);
      expected.put(
          "my50",
          old.replaceFirst(" DELETE tour,", "")
              .replaceFirst(" BATCH INSERT tour, BATCH UPDATE", " BATCH UPDATE"));
      assertEquals(expected, names);
      for (ReceivedSpan span : spans) {
        String database = database(span);
        assertEquals(Kind.CLIENT, span.kind());
        String system = database.startsWith("ma") ? "mariadb" : "mysql";
        assertEquals(system, span.attribute("db.system.name"));
        String address = database.startsWith("hosts") ? "127.0.0.1,127.0.0.1" : "127.0.0.1";
        assertEquals(address, span.attribute("server.address"));
        boolean maria = database.startsWith("ma") || database.equals("my50");
        assertEquals((long) (maria ? mariadb : mysql).port(), span.attribute("server.port"));
        boolean failed = span.attribute("error.type") != null;
        assertEquals(failed ? Status.ERROR : Status.UNSET, span.status());
        assertEquals(span.attribute("error.type"), span.attribute("db.response.status_code"));
        assertFalse(String.valueOf(span.attributes()).contains("secret"), span::toString);
      }
      assertEquals(
          Map.of(
              "db.system.name", "mysql",
              "db.namespace", "my26",
              "server.address", "127.0.0.1",
              "server.port", (long) mysql.port(),
              "db.query.summary", "BATCH INSERT tour",
              "db.query.text", "INSERT INTO tour VALUES (?, ?)",
              "db.operation.batch.size", 3L),
          spans.stream()
              .filter(s -> database(s).equals("my26") && s.name().equals("BATCH INSERT tour"))
              .findFirst()
              .orElseThrow()
              .attributes());
    }
  }

  @Test
  void eachCall_isOneSpan_throughEachPool() {
    List<Path> libraries =
        Artifacts.classPath(
            "com.mysql:mysql-connector-j:26.10.0",
            "com.zaxxer:HikariCP:4.0.3",
            "org.apache.commons:commons-dbcp2:2.12.0",
            "org.apache.tomcat:tomcat-jdbc:9.0.98",
            "com.mchange:c3p0:0.9.5.5",
            "org.slf4j:slf4j-nop:1.7.36");
    AppSource app =
        AppSource.of("pools")
            .replace("org.postgresql.ds.PGSimpleDataSource", "com.mysql.cj.jdbc.MysqlDataSource")
            .replace("PGSimpleDataSource", "MysqlDataSource")
            .replace("org.postgresql.Driver", "com.mysql.cj.jdbc.Driver")
            .replace("\"postgres\"", "\"root\"")
            .replace("where id > 'x'", "where nope > 'x'");
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .classPath(app.compile(libraries))
                .main("app.PoolsMain")
                .arg("jdbc:mysql://localhost:" + mysql.port() + "/pools?sslMode=DISABLED")
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      String expected =
          List.of("hikari", "hikari_datasource", "dbcp", "tomcat", "c3p0").stream()
              .map(
                  pool ->
                      "create table NAME, insert NAME, insert NAME, select NAME 1054"
                          .replace("NAME", pool))
              .collect(Collectors.joining(", "));
      // c3p0 asks for the list of tables whether a connection that failed is alive.
      List<ReceivedSpan> asked =
          spans.stream().filter(s -> !s.name().matches("(?i)show.*|select INFORMATION.*")).toList();
      assertEquals(expected, calls(asked, "pools"));
    }
  }

  private static String xa(String artifact, String database) {
    boolean maria = artifact.startsWith("org.mariadb");
    int port = (maria ? mariadb : mysql).port();
    String type =
        maria
            ? "org.mariadb.jdbc.MariaDbDataSource"
            : artifact.contains(":5.1")
                ? "com.mysql.jdbc.jdbc2.optional.MysqlXADataSource"
                : "com.mysql.cj.jdbc.MysqlXADataSource";
    return String.join(
        "|",
        type,
        Artifacts.file(artifact).toString(),
        "url=jdbc:" + (maria ? "mariadb" : "mysql") + "://127.0.0.1:" + port + '/' + database,
        "user=root");
  }

  @Test
  void distributedTransaction_hasOneSpanACall_andNoneOfItsOwn() {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .classPathOf(Xa.class)
                .main(Xa.class)
                .arg(
                    xa("mysql:mysql-connector-java:5.1.49", "xa51?useSSL=false"),
                    xa("com.mysql:mysql-connector-j:26.10.0", "xa26?sslMode=DISABLED"),
                    xa("org.mariadb.jdbc:mariadb-java-client:1.8.0", "xa18"),
                    xa("org.mariadb.jdbc:mariadb-java-client:2.7.12", "xa27"),
                    xa("org.mariadb.jdbc:mariadb-java-client:3.5.6", "xa35"))
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      Map<String, String> names = new HashMap<>();
      Map<String, String> expected = new HashMap<>();
      for (String database : List.of("xa51", "xa26", "xa18", "xa27", "xa35")) {
        names.put(database, calls(spans, database));
        expected.put(
            database,
            "CREATE TABLE xa, INSERT xa, BATCH INSERT xa, SELECT xa, UPDATE xa, DROP TABLE xa");
      }
      assertEquals(expected, names);
      assertEquals(5 * 6, spans.size());
    }
  }

  private static String database(ReceivedSpan span) {
    return String.valueOf(span.attribute("db.namespace"));
  }

  private static String calls(List<ReceivedSpan> spans, String database) {
    return spans.stream()
        .filter(span -> database(span).equals(database))
        .map(
            span -> {
              Object code = span.attribute("db.response.status_code");
              return code == null ? span.name() : span.name() + ' ' + code;
            })
        .collect(Collectors.joining(", "));
  }
}
