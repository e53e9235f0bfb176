package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sonde.core.database.Database;
import io.sonde.core.database.Queries;
import io.sonde.core.database.Query;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DatabaseSpanTest {
  private static final Database DATABASE =
      new Database("postgresql", "shop|public", "db.example.com", 5433);

  private final SpanQueue queue = new SpanQueue(64, 32);

  @BeforeEach
  void start() {
    Tracing.start(Sampler.on(true), Propagation.of(), queue);
  }

  @AfterEach
  void stop() {
    Tracing.stop();
  }

  private static Map<String, Object> attributes(Span span) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    span.attributes(
        new Span.Out() {
          @Override
          public void attribute(String key, Object value) {
            attributes.put(key, value);
          }

          @Override
          public void attribute(String key, long value) {
            attributes.put(key, value);
          }
        });
    return attributes;
  }

  @Test
  void call_hasTheAttributesOfTheConventions() {
    DatabaseSpan span =
        DatabaseSpan.start(DATABASE, Queries.of(DATABASE, "SELECT a FROM b WHERE c = 'x'"));
    span.end();
    assertEquals("SELECT b", span.name());
    assertEquals(3, span.otlpKind());
    assertNull(span.errorType());
    assertEquals(
        Map.of(
            "db.system.name", "postgresql",
            "db.namespace", "shop|public",
            "server.address", "db.example.com",
            "server.port", 5433L,
            "db.query.text", "SELECT a FROM b WHERE c = ?",
            "db.query.summary", "SELECT b"),
        attributes(span));
  }

  @Test
  void failure_hasTheDatabasesCode_elseTheExceptionsName() {
    DatabaseSpan span = DatabaseSpan.start(DATABASE, null);
    span.failed("42P01", 0);
    span.end(new IllegalStateException());
    assertEquals("42P01", span.errorType());
    assertEquals("42P01", attributes(span).get("db.response.status_code"));
    DatabaseSpan other = DatabaseSpan.start(DATABASE, null);
    other.end(new IllegalStateException());
    assertEquals("java.lang.IllegalStateException", other.errorType());
  }

  @Test
  void failure_ofASystem_hasItsMostSpecificCode() {
    assertEquals("42P01", ResponseCode.of("postgresql", "42P01", 0));
    assertEquals("1062", ResponseCode.of("mysql", "23000", 1062));
    assertEquals("08S01", ResponseCode.of("mysql", "08S01", 0));
    assertEquals("1008", ResponseCode.of("mariadb", "HY000", 1008));
    assertEquals("102", ResponseCode.of("microsoft.sql_server", "S0001", 102));
    assertEquals("ORA-00942", ResponseCode.of("oracle.db", "42000", 942));
    assertEquals("ORA-17002", ResponseCode.of("oracle.db", "08006", 17002));
    assertEquals("-803", ResponseCode.of("ibm.db2", "23505", -803));
    assertEquals("19", ResponseCode.of("sqlite", null, 19));
    assertEquals("42102", ResponseCode.of("h2database", "42S02", 42102));
    assertEquals("42X05", ResponseCode.of("derby", "42X05", 30000));
    assertEquals("42000/1071", ResponseCode.of("other_sql", "42000", 1071));
    assertEquals("42000", ResponseCode.of("other_sql", "42000", 0));
    assertEquals("1071", ResponseCode.of("other_sql", "", 1071));
    assertNull(ResponseCode.of("other_sql", null, 0));
  }

  // "batch.size SHOULD be set to the number of operations in the batch", "with only one parameter
  // set SHOULD be modeled as
  // single operations", "with no operations SHOULD also be treated as a batch operation"
  @Test
  void batch_hasSizeAndPrefix_unlessItIsOfOne() {
    Query query = Queries.of(DATABASE, "INSERT INTO b VALUES (?)");
    for (int size : new int[] {0, 2, 300}) {
      DatabaseSpan span = DatabaseSpan.start(DATABASE, query);
      span.batchSize(size);
      span.end();
      assertEquals("BATCH INSERT b", span.name());
      assertEquals("BATCH INSERT b", attributes(span).get("db.query.summary"));
      assertEquals((long) size, attributes(span).get("db.operation.batch.size"));
    }
    DatabaseSpan one = DatabaseSpan.start(DATABASE, query);
    one.batchSize(1);
    one.end();
    assertEquals("INSERT b", one.name());
    assertNull(attributes(one).get("db.operation.batch.size"));
  }

  // "if the individual operations are known to have the same operation name then that operation
  // name
  // SHOULD be used prepended by BATCH"; "the same stored procedure name then that [...] SHOULD be
  // used"
  @Test
  void batchOfCalls_hasTheirProcedure_ifItIsOne() {
    Query call = Queries.prepared(DATABASE, "{call tally(?)}");
    DatabaseSpan span = DatabaseSpan.start(DATABASE, call);
    span.batchSize(2);
    span.end();
    assertEquals("BATCH call tally", span.name());
    assertEquals("BATCH call", attributes(span).get("db.operation.name"));
    assertEquals("tally", attributes(span).get("db.stored_procedure.name"));
    Query one = Queries.of(DATABASE, "CALL tally(1)");
    Query two = Queries.of(DATABASE, "CALL tally(x)");
    Query other = Queries.of(DATABASE, "CALL sum(1)");
    assertEquals("tally", Queries.batch(new Query[] {one, two}, 2, true).procedure);
    assertNull(Queries.batch(new Query[] {one, other}, 2, true).procedure);
  }

  @Test
  void noSummary_isNamedByTheNextBest() {
    assertEquals("shop|public", DatabaseSpan.start(DATABASE, null).name());
    assertEquals("db:1", DatabaseSpan.start(new Database("mysql", null, "db", 1), null).name());
    assertEquals("db", DatabaseSpan.start(new Database("mysql", null, "db", 0), null).name());
    assertEquals("mysql", DatabaseSpan.start(new Database("mysql", null, null, 0), null).name());
  }

  @Test
  void callInsideACall_orInSilence_makesNoSpan() {
    DatabaseSpan span = DatabaseSpan.start(DATABASE, null);
    span.enter();
    assertNull(DatabaseSpan.start(DATABASE, null));
    span.leave();
    DatabaseSpan.silence();
    DatabaseSpan.silence();
    DatabaseSpan.resume();
    assertNull(DatabaseSpan.start(DATABASE, null));
    DatabaseSpan.resume();
    DatabaseSpan.resume();
    assertNotNull(DatabaseSpan.start(DATABASE, null));
  }
}
