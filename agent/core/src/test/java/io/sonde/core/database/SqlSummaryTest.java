package io.sonde.core.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** db.query.summary: the examples of the conventions first, then what they leave open. */
class SqlSummaryTest {
  private static String summary(String sql) {
    return SqlText.parse(sql, Dialect.STANDARD).summary;
  }

  // "Generating a summary of the query", the examples in their order.

  @Test
  void specification_singleOperation() {
    assertEquals(
        "SELECT wuser_table",
        summary(
            """
            SELECT *
            FROM   wuser_table
            WHERE  username = ?
            """));
  }

  @Test
  void specification_multipleOperations() {
    assertEquals(
        "INSERT shipping_details SELECT orders",
        summary(
            """
            INSERT INTO shipping_details
                        (order_id,
                        address)
            SELECT order_id,
                   address
            FROM   orders
            WHERE  order_id = ?
            """));
  }

  @Test
  void specification_multipleCollections() {
    assertEquals(
        "SELECT songs artists",
        summary(
            """
            SELECT *
            FROM   songs,
                   artists
            WHERE  songs.artist_id == artists.id
            """));
  }

  @Test
  void specification_anonymousTable() {
    assertEquals(
        "SELECT SELECT orders customers",
        summary(
            """
            SELECT order_date
            FROM   (SELECT *
                    FROM   orders o
                           JOIN customers c
                             ON o.customer_id = c.customer_id)
            """));
  }

  @Test
  void specification_quotedCollections() {
    assertEquals(
        "SELECT \"song list\" 'artists'",
        summary(
            """
            SELECT *
            FROM   "song list",
                   'artists'
            """));
  }

  @Test
  void specification_storedProcedureByPrepareCall() {
    Query query = SqlText.parsePrepared("{call some_stored_procedure}", Dialect.STANDARD);
    assertEquals("call some_stored_procedure", query.summary);
    assertNull(query.text, "db.query.text is not populated");
    assertEquals("some_stored_procedure", query.procedure);
    assertEquals("call", query.operation);
  }

  @Test
  void specification_truncatedTo255WithoutCuttingAName() {
    StringBuilder sql = new StringBuilder("SELECT * FROM t0");
    for (int i = 1; i < 200; i++) {
      sql.append(", table_").append(i);
    }
    String summary = summary(sql.toString());
    assertTrue(summary.length() <= 255 && summary.length() > 240, summary);
    assertTrue(sql.toString().contains(summary.substring(summary.lastIndexOf(' ') + 1) + ","));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "select a from b | select b",
        "Select 1 | Select",
        "SELECT a FROM s.b | SELECT s.b",
        "SELECT a FROM \"s\".\"b c\" | SELECT \"s\".\"b c\"",
        "SELECT a FROM b x, c AS y LEFT OUTER JOIN d ON x.i = d.i | SELECT b c d",
        "SELECT a FROM b ORDER BY c, d | SELECT b",
        "SELECT a, c FROM b WHERE x IN (1, 2), y | SELECT b",
        "SELECT a FROM b WHERE EXISTS (SELECT 1 FROM c) | SELECT b SELECT c",
        "SELECT a FROM (b JOIN c ON b.i = c.i), d | SELECT b c d",
        "SELECT a FROM b UNION ALL SELECT a FROM c | SELECT b SELECT c",
        "(SELECT a FROM b) UNION (SELECT a FROM c) | SELECT b SELECT c",
        "SELECT EXTRACT(YEAR FROM d), TRIM(BOTH 'x' FROM e) FROM b | SELECT b",
        "SELECT a IS DISTINCT FROM c FROM b WHERE d IS NOT DISTINCT FROM e | SELECT b",
        "SELECT a FROM b FOR UPDATE | SELECT b",
        "SELECT a FROM b FOR NO KEY UPDATE OF b SKIP LOCKED | SELECT b",
        "SELECT a FROM ONLY b | SELECT b",
        "SELECT a FROM b, LATERAL (SELECT c FROM d) x | SELECT b SELECT d",
        "SELECT a FROM f(1, 2) | SELECT f",
        "SELECT a FROM TABLE(f(1)) | SELECT f",
        "SELECT a FROM UNNEST(x) | SELECT",
        "SELECT a FROM (VALUES (1), (2)) t | SELECT",
        "SELECT a FROM user, event | SELECT user event",
        "SELECT a FROM t WITH (NOLOCK) WHERE b = 1 | SELECT t",
        "SELECT INSERT('a', 1, 1, 'b'), REPLACE(c, 'x', 'y') FROM t | SELECT t",
        "SELECT x INTO v FROM t | SELECT t",
        "SELECT a FROM ? | SELECT",
        "WITH c AS (SELECT a FROM b) SELECT * FROM c JOIN d | SELECT b SELECT c d",
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT n FROM c | SELECT SELECT c SELECT c",
        "WITH c AS (DELETE FROM b RETURNING *) INSERT INTO d SELECT * FROM c | DELETE b INSERT d SELECT c",
        "WITH c AS (SELECT 1) UPDATE b SET x = 1 FROM c | SELECT UPDATE b c",
        "WITH c AS (SELECT 1) SELECT * FROM c FOR UPDATE | SELECT SELECT c",
        "INSERT INTO b VALUES (1, 2), (3, 4) | INSERT b",
        "insert into b(x) values (?) on conflict (x) do update set x = excluded.x | insert b",
        "INSERT INTO b (x) VALUES (?) ON DUPLICATE KEY UPDATE x = VALUES(x), y = 1 | INSERT b",
        "INSERT OR REPLACE INTO b VALUES (1) | INSERT b",
        "INSERT IGNORE INTO b VALUES (1) | INSERT b",
        "INSERT b VALUES (1) | INSERT b",
        "INSERT ALL INTO a VALUES (1) INTO b VALUES (2) SELECT * FROM dual | INSERT a b SELECT dual",
        "REPLACE INTO b VALUES (1) | REPLACE b",
        "UPSERT INTO b VALUES (1) | UPSERT b",
        "UPDATE b SET x = 1, y = 2 WHERE z = (SELECT max(z) FROM c) | UPDATE b SELECT c",
        "UPDATE ONLY b SET x = 1 | UPDATE b",
        "UPDATE b, c SET b.x = c.x | UPDATE b c",
        "UPDATE b SET x = c.x FROM c WHERE b.i = c.i | UPDATE b c",
        "DELETE FROM b WHERE x = 1 | DELETE b",
        "DELETE b WHERE x = 1 | DELETE b",
        "DELETE b FROM b JOIN c ON b.i = c.i | DELETE b c",
        "DELETE FROM b USING c, d WHERE b.i = c.i | DELETE b c d",
        "MERGE INTO b USING c ON (b.i = c.i) WHEN MATCHED THEN UPDATE SET x = 1 WHEN NOT MATCHED THEN INSERT (x) VALUES (1) | MERGE b c",
        "MERGE INTO b USING (SELECT * FROM c) x ON b.i = x.i WHEN MATCHED THEN DELETE | MERGE b SELECT c",
        "CALL p(1, 'x') | CALL p",
        "EXEC dbo.p @a = 1 | EXEC dbo.p",
        "EXEC @r = dbo.p | EXEC dbo.p",
        "EXECUTE IMMEDIATE 'DROP TABLE x' | EXECUTE",
        "{ ? = call s.f(?, ?) } | call s.f",
        "{?=call f(?)} | call f",
        "BEGIN s.p(?, ?); END; | BEGIN s.p",
        "BEGIN UPDATE b SET x = 1; COMMIT; END; | BEGIN UPDATE b COMMIT",
        "BEGIN TRANSACTION | BEGIN",
        "CREATE TABLE b (id INT PRIMARY KEY, c INT REFERENCES d (id)) | CREATE TABLE b",
        "create  temporary   table if not exists s.b (id int) | create table s.b",
        "CREATE TABLE b AS SELECT * FROM c | CREATE TABLE b SELECT c",
        "CREATE OR REPLACE VIEW b AS SELECT * FROM c, d | CREATE VIEW b SELECT c d",
        "CREATE UNIQUE INDEX i ON b (x) | CREATE INDEX i",
        "CREATE OR REPLACE FUNCTION f() RETURNS int AS 'SELECT 1 FROM x; SELECT 2' LANGUAGE sql | CREATE FUNCTION f",
        "CREATE PROCEDURE p() BEGIN DELETE FROM b; DELETE FROM c; END | CREATE PROCEDURE p",
        "CREATE USER bob IDENTIFIED BY secret | CREATE USER",
        "ALTER TABLE b ADD COLUMN x INT | ALTER TABLE b",
        "DROP TABLE IF EXISTS b, c CASCADE | DROP TABLE b c",
        "TRUNCATE TABLE b | TRUNCATE TABLE b",
        "TRUNCATE b | TRUNCATE b",
        "SET search_path TO b | SET",
        "SHOW TABLES FROM b | SHOW",
        "USE b | USE b",
        "SAVEPOINT sp_1 | SAVEPOINT",
        "GRANT SELECT ON b TO bob | GRANT",
        "COPY b FROM '/tmp/x.csv' | COPY",
        "EXPLAIN ANALYZE SELECT a FROM b | EXPLAIN SELECT b",
        "VALUES (1), (2) | VALUES",
        "INSERT INTO b VALUES (1); UPDATE c SET x = 'a;b'; | INSERT b UPDATE c",
        "/* hint */ SELECT -- from x¶ a FROM b | SELECT b",
      })
  void words_operationsAndTargetsInTheirOrder(String sql, String expected) {
    assertEquals(expected, summary(sql.replace('¶', '\n')));
  }

  @Test
  void sqlServer_bracketsQuoteNames() {
    assertEquals(
        "SELECT [my table] [dbo].[b]",
        SqlText.parse("SELECT a FROM [my table], [dbo].[b]", Dialect.SQL_SERVER).summary);
  }

  @Test
  void text_thatIsNoStatement_hasNoSummary() {
    assertNull(summary(""));
    assertNull(summary("bob's data"));
    assertNull(summary("'SELECT a FROM b'"));
  }

  @Test
  void callByText_hasProcedureAndText() {
    Query query = SqlText.parsePrepared("CALL p(?, 'x')", Dialect.STANDARD);
    assertEquals("CALL p(?, 'x')", query.text);
    assertEquals("p", query.procedure);
    assertNull(query.operation);
  }
}
