package io.sonde.core.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What no text may do, however it looks; the seeds are fixed. */
class SqlFuzzTest {
  private static final List<Dialect> DIALECTS =
      List.of(
          Dialect.STANDARD,
          Dialect.MYSQL,
          Dialect.ORACLE,
          Dialect.SQL_SERVER,
          Dialect.SQLITE,
          Dialect.BACKSLASH,
          Dialect.HIVE,
          Dialect.UNKNOWN);

  private static final String[] PIECES = {
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "(",
    ")",
    "((",
    "))",
    ",",
    ";",
    ".",
    "$",
    "$$",
    "$a$",
    "$1",
    "?",
    "??",
    ":",
    "::",
    ":=",
    "@",
    "@@",
    "#",
    "--",
    "-- ",
    "/*",
    "*/",
    "/",
    "*",
    "\\",
    "\\'",
    "\n",
    " ",
    "\t",
    "-",
    "+",
    "=",
    "{",
    "}",
    "1",
    "-1",
    "1e",
    "1e-",
    "0x",
    ".5",
    "E'",
    "N'",
    "q'[",
    "]'",
    "U&'",
    "_x'",
    "a",
    "b.c",
    "é",
    "\ud83d",
    "\u00a0",
    "\0",
    "IN",
    "VALUES",
    "ARRAY",
    "SELECT",
    "FROM",
    "JOIN",
    "INSERT",
    "INTO",
    "UPDATE",
    "DELETE",
    "MERGE",
    "USING",
    "WITH",
    "AS",
    "CREATE",
    "TABLE",
    "INDEX",
    "FUNCTION",
    "DROP",
    "CALL",
    "EXEC",
    "BEGIN",
    "END",
    "SET",
    "WHERE",
    "DISTINCT",
    "IS",
    "NOT",
    "TRUE",
    "EXPLAIN",
    "USE",
    "call",
    "x",
    "y"
  };

  @Test
  void anySoup_isRead_andItsSummaryIsShort() {
    Random random = new Random(1);
    for (int i = 0; i < 60_000; i++) {
      StringBuilder sql = new StringBuilder();
      for (int n = random.nextInt(40); n >= 0; n--) {
        sql.append(PIECES[random.nextInt(PIECES.length)]);
        if (random.nextBoolean()) {
          sql.append(' ');
        }
      }
      Dialect dialect = DIALECTS.get(i % DIALECTS.size());
      for (Query query :
          List.of(
              SqlText.parse(sql.toString(), dialect),
              SqlText.parsePrepared(sql.toString(), dialect))) {
        assertTrue(query.text == null || query.text.length() <= sql.length(), sql.toString());
        assertTrue(query.summary == null || query.summary.length() <= 255, sql.toString());
      }
    }
  }

  @Test
  void literalsOfStatements_neverStay_andReadingTheResultAgainChangesNothing() {
    for (int i = 0; i < 20_000; i++) {
      Random random = new Random(i);
      Dialect dialect = DIALECTS.get(i % DIALECTS.size());
      String sql = new Statements(random, dialect).statement();
      Query query = SqlText.parse(sql, dialect);
      assertFalse(
          query.text.contains("s3cr3t") || query.text.contains("4711"),
          () -> sql + "\n" + query.text);
      assertFalse(
          query.summary.contains("s3cr3t") || query.summary.contains("4711"),
          () -> sql + "\n" + query.summary);
      Query again = SqlText.parse(query.text, dialect);
      assertEquals(query.text, again.text, sql);
      assertEquals(query.summary, again.summary, sql);
    }
  }

  @Test
  void cutAnywhere_noLiteralShows() {
    for (int i = 0; i < 300; i++) {
      Dialect dialect = DIALECTS.get(i % DIALECTS.size());
      String sql = new Statements(new Random(i), dialect).statement();
      for (int cut = 0; cut < sql.length(); cut++) {
        String text = SqlText.parse(sql.substring(0, cut), dialect).text;
        assertFalse(text.contains("s3c") || text.contains("47"), sql.substring(0, cut));
      }
    }
  }

  @Test
  void hostileTexts_ofAMegabyte_takeNoLongerThanOthers() {
    String[] units = {
      "'",
      "\"",
      "`",
      "(",
      ")",
      "[",
      "/*",
      "*/",
      "/**/",
      "--",
      "-",
      "$",
      "$$",
      "$a",
      "$a$",
      "?,",
      "1,",
      "1e",
      "((1),",
      "(1),",
      "IN (",
      "IN ((",
      "VALUES (",
      "VALUES (1),",
      "SELECT * FROM ",
      "a.",
      "\\",
      "q'",
      "E'",
      "x",
      "FROM (",
      "{",
      ";",
      "BEGIN ",
      "(SELECT ",
      ",",
      " ",
      "\n",
      "''",
      "#",
      "a,",
      "WITH ",
      "IN (1,2), "
    };
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          int turn = 0;
          for (String unit : units) {
            for (String start :
                List.of("", "SELECT a FROM b WHERE c IN (", "VALUES ", "'", "$tag$")) {
              String sql = start + unit.repeat((1 << 20) / unit.length());
              SqlText.parse(sql, DIALECTS.get(turn++ % DIALECTS.size()));
            }
          }
        });
  }

  /** Makes statements whose literals all hold a secret. */
  private static final class Statements {
    private final Random random;
    private final Dialect dialect;

    Statements(Random random, Dialect dialect) {
      this.random = random;
      this.dialect = dialect;
    }

    private String one(String... of) {
      return of[random.nextInt(of.length)];
    }

    String statement() {
      switch (random.nextInt(6)) {
        case 0:
          return "INSERT INTO " + table() + " (a, b) VALUES " + rows();
        case 1:
          return "UPDATE " + table() + " SET a = " + value(2) + " WHERE " + condition(2);
        case 2:
          return "DELETE FROM " + table() + " WHERE " + condition(2);
        case 3:
          return "CALL s.p(" + value(1) + ", " + value(1) + ")";
        case 4:
          return select(2) + comment() + " UNION ALL " + select(1);
        default:
          return select(3);
      }
    }

    private String rows() {
      StringBuilder rows = new StringBuilder();
      for (int i = random.nextInt(4); i >= 0; i--) {
        rows.append("(" + value(1) + ", " + value(1) + ")")
            .append(i > 0 ? one(", ", ",", ",\n") : "");
      }
      return rows.toString();
    }

    private String select(int depth) {
      return "SELECT "
          + value(depth)
          + comment()
          + ", x FROM "
          + (depth > 0 && random.nextInt(4) == 0 ? "(" + select(depth - 1) + ") t" : table())
          + one("", ", " + table(), " JOIN " + table() + " ON a = " + value(1))
          + " WHERE "
          + condition(depth)
          + one("", " LIMIT 4711", " FOR UPDATE");
    }

    private String condition(int depth) {
      String left = one("a", "t.b", "f(a)") + one(" = ", "=", " <> ", " LIKE ", " >= -");
      String simple = left + value(depth);
      switch (random.nextInt(5)) {
        case 0:
          return "a IN (" + value(0) + one(", ", ",", " , ") + value(0) + ", " + value(0) + ")";
        case 1:
          return depth == 0 ? simple : condition(depth - 1) + " AND " + condition(depth - 1);
        case 2:
          return "b BETWEEN " + value(0) + " AND " + value(0);
        default:
          return simple;
      }
    }

    private String comment() {
      return one("", "", " /* s3cr3t ' \" */ ", " -- s3cr3t ' $a$ \n", "\n/* s3cr3t */\n");
    }

    private String table() {
      return one("t", "s.t", "orders", "\"s\".\"t\"", "`t`");
    }

    private String value(int depth) {
      String string =
          "s3cr3t"
              + one("", "''", " -- ", " /* ", ", (", ") ", ";", "\"", "`", "$$", "?", " FROM x ");
      switch (random.nextInt(depth > 0 ? 10 : 8)) {
        case 0:
          return one("", "-", "+") + "4711";
        case 1:
          return "4711." + one("4711", "4711e-4711", "4711E+4711");
        case 2:
          return "0x4711";
        case 3:
          return one("N", "X", "E", "_utf8") + "'" + string + "'";
        case 4:
          return "'" + string + (dialect.has(Dialect.BACKSLASHES) ? "\\' 4711" : "") + "'";
        case 5:
          return dialect.has(Dialect.DOUBLE_QUOTES_ARE_LITERALS) ? "\"s3cr3t ' 4711\"" : "'4711'";
        case 6:
          return dialect.has(Dialect.Q_QUOTES)
              ? "q'[it's " + string + "]'"
              : "$x$" + string + "$x$";
        case 8:
          return "f(" + value(depth - 1) + ", " + value(depth - 1) + ")";
        case 9:
          return "(" + select(depth - 1) + ")";
        default:
          return "'" + string + "'";
      }
    }
  }
}
