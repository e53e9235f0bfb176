package io.sonde.core.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** db.query.text: what is data goes, what is not stays. */
class SqlTextTest {
  private static String text(String sql, Dialect dialect) {
    return SqlText.parse(sql, dialect).text;
  }

  private static String text(String sql) {
    return text(sql, Dialect.STANDARD);
  }

  private static String lines(String sql) {
    return sql.replace('¶', '\n');
  }

  // "Such literals include, but are not limited to, String, Numeric, Date and Time, Boolean,
  // Interval, Binary, and
  // Hexadecimal literals. The placeholder value SHOULD be ?"
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a = 'bob' | a = ?",
        "a = 'it''s' | a = ?",
        "a = '' | a = ?",
        "a = 'x\\' AND b = 'y' | a = ? AND b = ?",
        "a = 'unterminated | a = ?",
        "a = E'it\\'s' AND b = 2 | a = ? AND b = ?",
        "a = N'x' OR a = X'0F' OR a = b'01' OR a = U&'x' | a = ? OR a = ? OR a = ? OR a = ?",
        "a = 12 | a = ?",
        "a = -12 | a = ?",
        "a = - 12 | a = ?",
        "a=-1.5e-10 | a=?",
        "a = +.5 | a = ?",
        "a = 0xFF | a = ?",
        "a = 1_000 | a = ?",
        "a = 1L | a = ?",
        "a - 1 | a - ?",
        "a-1 | a-?",
        "(a)-1 | (a)-?",
        "(-1) | (?)",
        "f(-1, -2) | f(?, ?)",
        "a BETWEEN -1 AND -2 | a BETWEEN ? AND ?",
        "SELECT -1 | SELECT ?",
        "LIMIT 10 OFFSET 20 | LIMIT ? OFFSET ?",
        "t1.c2 = x3 | t1.c2 = x3",
        "DATE '2020-01-01' | DATE ?",
        "INTERVAL '1' DAY | INTERVAL ? DAY",
        "a = TRUE OR b = false | a = ? OR b = ?",
        "a IS TRUE AND b IS NOT FALSE AND c IS NULL | a IS TRUE AND b IS NOT FALSE AND c IS NULL",
        "a = $$it's$$ AND b = $tag$ $$ x $tag$ | a = ? AND b = ?",
        "a = $1 AND b = $23 | a = $1 AND b = $23",
        "a = ? AND b = ?2 AND c = :name AND d = @p | a = ? AND b = ?2 AND c = :name AND d = @p",
        "'5'::int | ?::int",
        "a::text | a::text",
        "a -> 'k' ->> 'v' | a -> ? ->> ?",
        "a ?? 'b' | a ?? ?",
        "a = \"b\" | a = \"b\"",
        "a = `b` | a = `b`",
        "a  =\t¶ 1 -- it's¶ AND b = 2 | a = ? AND b = ?",
        "a /* 'x */ = /* /* nested */ 5 */ 1 | a = ?",
        "a = 1 /* unterminated 'x' | a = ?",
        "a IN (1, 2, 3) | a IN (?)",
        "a IN (1) | a IN (?)",
        "a IN ( 1 , 2 ) AND b = 1 | a IN ( ? ) AND b = ?",
        "a in ('x','y') or b not in(?, ?, ?) | a in (?) or b not in(?)",
        "a IN ($1, $2, $3) | a IN ($1)",
        "a IN (:a, :b) AND c = :c | a IN (:a) AND c = :c",
        "(a, b) IN ((1, 2), (3, 4), (5, 6)) | (a, b) IN ((?, ?))",
        "a IN (1, f(2), 3, x) | a IN (?, f(?), x)",
        "a IN (SELECT 1, 2 FROM b) | a IN (SELECT ?, ? FROM b)",
        "a = ANY(ARRAY[1, 2, 3]) | a = ANY(ARRAY[?])",
        "a[1] = 2 | a[?] = ?",
        "VALUES (1, 'a'), (2, 'b'),¶ (3, 'c') | VALUES (?, ?)",
        "VALUES (1, now()), (2, now()) RETURNING id | VALUES (?, now()) RETURNING id",
        "VALUES (1, NULL), (2, 3), (4, NULL), (5, 6) | VALUES (?, NULL), (?, ?), (?, ?)",
        "VALUES ($1, $2), ($3, $4) | VALUES ($1, $2)",
        "VALUES (1), (2) ON DUPLICATE KEY UPDATE a = VALUES(a), b = VALUES(b) | VALUES (?) ON DUPLICATE KEY UPDATE a = VALUES(a), b = VALUES(b)",
        "(VALUES (1), (2)), (3) | (VALUES (?)), (?)",
        "f(1, 2, 3) | f(?, ?, ?)",
        "a = 1; b = 2; | a = ?; b = ?;",
      })
  void standard(String sql, String expected) {
    assertEquals(expected, text(lines(sql)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a = \"bob\" | a = ?",
        "a = 'it\\'s' AND b = \"x\\\"y\" | a = ? AND b = ?",
        "a = _utf8mb4'x' | a = ?",
        "a = 1 # it's¶ AND b = 2 | a = ? AND b = ?",
        "a#it's¶ = 2 | a = ?",
        "a = 5--1 | a = ?-?",
        "a = 1 -- it's | a = ?",
        "a = 1 /* /* */ AND b = 2 | a = ? AND b = ?",
        "SELECT `a` FROM \"b\" WHERE \"c\" = 1 | SELECT `a` FROM \"b\" WHERE ? = ?",
        "\"a\".\"b\" = \"c\" | \"a\".\"b\" = ?",
        "a = 0b01 OR a = b'01' | a = ? OR a = ?",
      })
  void mysql(String sql, String expected) {
    assertEquals(expected, text(lines(sql), Dialect.MYSQL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "a = q'[it's]' AND b = Q'{x'y}' AND c = nq'!it's!' | a = ? AND b = ? AND c = ?",
        "a = q'(unterminated' ) | a = ?",
        "a = :1 AND b = t@link | a = :1 AND b = t@link",
        "a = 'x\\' AND b = 1 | a = ? AND b = ?",
      })
  void oracle(String sql, String expected) {
    assertEquals(expected, text(lines(sql), Dialect.ORACLE));
  }

  @Test
  void sqlServer_bracketsQuoteNames() {
    assertEquals(
        "SELECT [a 'b'] FROM [c].[d]]e] WHERE #t.x = @v",
        text("SELECT [a 'b'] FROM [c].[d]]e] WHERE #t.x = @v", Dialect.SQL_SERVER));
  }

  @Test
  void unknownSystem_whatCouldBeALiteral_isOne() {
    assertEquals("a = ? AND b = ?", text("a = \"bob\" AND b = 'x'", Dialect.UNKNOWN));
    assertEquals("SELECT \"x\".a FROM \"t\"", text("SELECT \"x\".a FROM \"t\"", Dialect.UNKNOWN));
  }

  // "Parameterized query text SHOULD NOT be sanitized."
  @Test
  void prepared_withParameters_keepsItsLiterals() {
    assertEquals(
        "SELECT a FROM b WHERE c = 'open' AND d > 5 AND e = ?",
        SqlText.parsePrepared(
                "SELECT a FROM b WHERE c = 'open' AND d > 5 AND e = ?", Dialect.STANDARD)
            .text);
    assertEquals(
        "c IN ('a', 'b') AND d IN (?) AND e = true",
        SqlText.parsePrepared("c IN ('a', 'b') AND d IN (?, ?) AND e = true", Dialect.STANDARD)
            .text);
  }

  @Test
  void prepared_withoutParameters_isSanitized() {
    assertEquals(
        "a = ? AND b = ? AND c = d::int",
        SqlText.parsePrepared("a = 'bob' AND b = '?' AND c = d::int", Dialect.STANDARD).text);
    assertEquals("a ?? ?", SqlText.parsePrepared("a ?? 'b'", Dialect.STANDARD).text);
  }

  @Test
  void unterminatedName_isNotShown() {
    assertEquals("SELECT ?", text("SELECT \"a FROM t WHERE x = 'secret'"));
    assertEquals("SELECT ?", text("SELECT `a FROM t WHERE x = 'secret'"));
    assertEquals("SELECT ?", text("SELECT [a FROM t WHERE x = 'secret'", Dialect.SQL_SERVER));
    assertEquals("SELECT x.\"y\"", text("SELECT x.\"y\""));
  }
}
