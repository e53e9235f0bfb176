package io.sonde.core.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class QueriesTest {
  private static final Database POSTGRESQL = new Database("postgresql", "shop", "db", 0);
  private static final Database MYSQL = new Database("mysql", "shop", "db", 0);

  @Test
  void sameText_isReadOnce_foreachDialectAndUse() {
    String sql = "SELECT a FROM b WHERE c = \"d\" AND e = ?";
    Query query = Queries.of(POSTGRESQL, sql);
    assertSame(query, Queries.of(POSTGRESQL, sql.concat(" ").trim()));
    assertEquals("SELECT a FROM b WHERE c = ? AND e = ?", Queries.of(MYSQL, sql).text);
    assertEquals(sql, Queries.prepared(MYSQL, sql).text);
  }

  @Test
  void longText_isCut_andNotKept() {
    String sql = "SELECT a FROM b WHERE c IN (" + "x, ".repeat(100_000) + "'secret')";
    Query query = Queries.of(POSTGRESQL, sql);
    assertNotSame(query, Queries.of(POSTGRESQL, sql));
    assertEquals("SELECT b", query.summary);
    assertTrue(query.text.length() <= Queries.MAX_LENGTH);
  }

  @Test
  void floodOfTexts_isBounded_andWhatIsInUseStays() {
    QueryCache cache = new QueryCache();
    Query used = new Query("used", null, null, null);
    cache.put("used", used);
    String filler = "x".repeat(1000);
    for (int i = 0; i < 10_000; i++) {
      cache.put(filler + i, new Query("t", null, null, null));
      if (i % 100 == 0) {
        assertSame(used, cache.get("used"));
      }
    }
    assertTrue(cache.size() * 1000L <= QueryCache.MAX_CHARACTERS, "entries: " + cache.size());
    assertNull(cache.get(filler + 0));
  }

  // "if the individual operations are known to have the same query summary then that query summary
  // SHOULD be used
  // prepended by BATCH, otherwise BATCH"; texts "concatenated with separator ; "
  @Test
  void batchOfSeveralTexts_joinsThem() {
    Query one = Queries.of(POSTGRESQL, "UPDATE a SET b = 1");
    Query two = Queries.of(POSTGRESQL, "UPDATE a SET c = 1");
    Query three = Queries.of(POSTGRESQL, "DELETE FROM a");
    Query same = Queries.batch(new Query[] {one, two, null}, 2, true);
    assertEquals("UPDATE a SET b = ?; UPDATE a SET c = ?", same.text);
    assertEquals("BATCH UPDATE a", same.batchSummary());
    Query different = Queries.batch(new Query[] {one, three}, 2, true);
    assertEquals("BATCH", different.batchSummary());
    assertNull(Queries.batch(new Query[] {one, three}, 2, false).text);
  }
}
