package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.sonde.apps.jdbc.Catalog;
import io.sonde.apps.jdbc.ProxyDriver;
import io.sonde.apps.jdbc.Tour;
import io.sonde.testing.Artifacts;
import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases inside the JVM: each driver in a class loader of its own, all in one JVM. */
class EmbeddedDriversTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  /** What a driver that refuses nothing does, in order. */
  private static final String TOUR =
      "CREATE TABLE tour, INSERT tour, UPDATE tour, SELECT tour, INSERT tour, INSERT tour,"
          + " INSERT tour, DELETE tour, INSERT tour, INSERT tour, INSERT tour, SELECT tour,"
          + " INSERT tour, BATCH INSERT tour, INSERT tour, BATCH INSERT tour, BATCH UPDATE tour,"
          + " BATCH, SELECT no_such_table, INSERT tour, BATCH INSERT tour, UPDATE tour,"
          + " UPDATE tour, ";

  private static String tour(String driver, String url, String user, String call, String artifact) {
    return String.join("|", driver, url, user, "", call, Artifacts.file(artifact).toString());
  }

  @Test
  void eachCall_isOneSpan_inEveryDriver(@TempDir Path directory) throws Exception {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .directory(directory)
                .classPathOf(Tour.class)
                .main(Tour.class)
                .arg(
                    tour(
                        "org.h2.Driver",
                        "jdbc:h2:mem:a",
                        "sa",
                        "CALL 1",
                        "com.h2database:h2:1.4.200"),
                    tour(
                        "org.h2.Driver",
                        "jdbc:h2:mem:b",
                        "sa",
                        "CALL 1",
                        "com.h2database:h2:2.4.240"),
                    tour(
                        "org.hsqldb.jdbc.JDBCDriver",
                        "jdbc:hsqldb:mem:c",
                        "SA",
                        "CALL CURRENT_DATE",
                        "org.hsqldb:hsqldb:2.7.4"),
                    tour(
                        "org.apache.derby.jdbc.EmbeddedDriver",
                        "jdbc:derby:memory:d;create=true",
                        "app",
                        "CALL SYSCS_UTIL.SYSCS_CHECKPOINT_DATABASE()",
                        "org.apache.derby:derby:10.14.2.0"),
                    tour(
                        "org.sqlite.JDBC",
                        "jdbc:sqlite:e.db",
                        "",
                        "",
                        "org.xerial:sqlite-jdbc:3.8.11.2"),
                    tour(
                        "org.sqlite.JDBC",
                        "jdbc:sqlite:f.db",
                        "",
                        "",
                        "org.xerial:sqlite-jdbc:3.54.1.0"),
                    // Before the driver behind it is known from elsewhere.
                    tour(
                            ProxyDriver.class.getName(),
                            "jdbc:hsqldb:mem:h",
                            "SA",
                            "CALL CURRENT_DATE",
                            "hsqldb:hsqldb:1.8.0.10")
                        + File.pathSeparator
                        + ownClasses(),
                    tour(
                        "org.hsqldb.jdbcDriver",
                        "jdbc:hsqldb:mem:g",
                        "SA",
                        "CALL CURRENT_DATE",
                        "hsqldb:hsqldb:1.8.0.10"))
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      Conventions.check(spans);
      assertEquals(TOUR + "CALL, DROP TABLE tour", names(spans, "a"));
      assertEquals(TOUR + "CALL, DROP TABLE tour", names(spans, "b"));
      assertEquals(TOUR + "CALL CURRENT_DATE, DROP TABLE tour", names(spans, "c"));
      assertEquals(
          TOUR + "CALL SYSCS_UTIL.SYSCS_CHECKPOINT_DATABASE, DROP TABLE tour", names(spans, "d"));
      // SQLite 3.8 and HSQLDB 1.8 have no large counts; HSQLDB 1.8, which is in no table of ours,
      // makes no prepared statement that returns keys.
      String old =
          TOUR.replaceFirst("DELETE tour, INSERT tour, ", "")
              .replaceFirst("BATCH INSERT tour, BATCH UPDATE", "BATCH UPDATE");
      assertEquals(old + "DROP TABLE tour", names(spans, "e.db"));
      assertEquals(TOUR + "DROP TABLE tour", names(spans, "f.db"));
      String oldest =
          old.replaceFirst("SELECT tour, INSERT tour, BATCH", "SELECT tour, BATCH")
              + "CALL CURRENT_DATE, DROP TABLE tour";
      assertEquals(oldest, names(spans, "g"));
      assertEquals(oldest, names(spans, "h"));
      for (ReceivedSpan span : spans) {
        assertEquals(Kind.CLIENT, span.kind());
        assertFalse(String.valueOf(span.attribute("db.query.text")).contains("secret"));
      }
      ReceivedSpan update = first(spans, "b", "UPDATE tour");
      assertEquals(
          Map.of(
              "db.system.name", "h2database",
              "db.namespace", "b",
              "db.query.summary", "UPDATE tour",
              "db.query.text", "UPDATE tour SET name = ? WHERE id IN (?)"),
          update.attributes());
      assertEquals(3L, first(spans, "c", "BATCH INSERT tour").attribute("db.operation.batch.size"));
      ReceivedSpan failed = first(spans, "d", "SELECT no_such_table");
      assertEquals(ReceivedSpan.Status.ERROR, failed.status());
      assertEquals("42X05", failed.attribute("db.response.status_code"));
      assertEquals("42X05", failed.attribute("error.type"));
      ReceivedSpan lite = first(spans, "f.db", "SELECT no_such_table");
      assertEquals("sqlite", lite.attribute("db.system.name"));
      assertEquals("1", lite.attribute("error.type"));
    }
  }

  /** By statements that these drivers prepare in ways of their own. */
  @Test
  void metadata_isAskedWithATextThatIsKnown(@TempDir Path directory) throws Exception {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm =
            ForkedJvm.onCurrent()
                .quick()
                .agent(sink)
                .directory(directory)
                .classPathOf(Catalog.class)
                .main(Catalog.class)
                .arg(
                    tour("org.h2.Driver", "jdbc:h2:mem:a", "sa", "", "com.h2database:h2:1.4.200"),
                    tour(
                        "org.apache.derby.jdbc.EmbeddedDriver",
                        "jdbc:derby:memory:b;create=true",
                        "app",
                        "",
                        "org.apache.derby:derby:10.14.2.0"))
                .start()) {
      jvm.awaitPort(SOON);
      List<ReceivedSpan> spans = sink.awaitAll(jvm, SOON);
      Conventions.check(spans);
      for (String namespace : List.of("a", "b")) {
        assertFalse(of(spans, namespace).isEmpty(), namespace);
        for (ReceivedSpan span : of(spans, namespace)) {
          assertNotNull(span.attribute("db.query.text"), span.toString());
        }
      }
    }
  }

  private static Path ownClasses() throws URISyntaxException {
    return Path.of(ProxyDriver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static List<ReceivedSpan> of(List<ReceivedSpan> spans, String namespace) {
    return spans.stream().filter(span -> span.has("db.namespace", namespace)).toList();
  }

  /** The names without the first, which is the table's removal that fails, and without refusals. */
  private static String names(List<ReceivedSpan> spans, String namespace) {
    return of(spans, namespace).stream()
        .skip(1)
        .map(ReceivedSpan::name)
        .collect(Collectors.joining(", "));
  }

  private static ReceivedSpan first(List<ReceivedSpan> spans, String namespace, String name) {
    return of(spans, namespace).stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
