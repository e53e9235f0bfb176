package io.sonde.core;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes the literals out of a statement in one pass and notes its operation and the tables it
 * names.
 */
final class SqlText {
  private final String sql;
  private final StringBuilder out;
  private final StringBuilder summary = new StringBuilder();
  private int at;
  private @Nullable String operation;
  private @Nullable String collection;
  private boolean severalCollections;
  private boolean tableNext;

  private SqlText(String sql) {
    this.sql = sql;
    this.out = new StringBuilder(sql.length());
  }

  static Query parse(String sql) {
    return new SqlText(sql).run();
  }

  private Query run() {
    while (at < sql.length()) {
      step();
    }
    return new Query(
        out.toString(),
        operation,
        severalCollections ? null : collection,
        "CALL".equals(operation) ? collection : null,
        summary.length() == 0 ? null : summary.toString());
  }

  private void step() {
    char c = sql.charAt(at);
    if (c == '\'') {
      quoted('\'');
      out.append('?');
    } else if (c == '"' || c == '`') {
      int from = at;
      quoted(c);
      word(sql.substring(from, at));
    } else if (Character.isDigit(c)) {
      number();
      out.append('?');
    } else if (Character.isLetter(c) || c == '_') {
      int from = at;
      while (at < sql.length()
          && (Character.isLetterOrDigit(sql.charAt(at)) || "_$.".indexOf(sql.charAt(at)) >= 0)) {
        at++;
      }
      word(sql.substring(from, at));
    } else {
      out.append(c);
      at++;
    }
  }

  private void quoted(char quote) {
    at++;
    while (at < sql.length()) {
      if (sql.charAt(at++) == quote) {
        if (at < sql.length() && sql.charAt(at) == quote) {
          at++;
        } else {
          return;
        }
      }
    }
  }

  private void number() {
    while (at < sql.length()
        && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '.')) {
      at++;
    }
  }

  private void word(String word) {
    out.append(word);
    String upper = word.toUpperCase(Locale.ROOT);
    if (operation == null) {
      operation = upper;
      summary.append(upper);
      tableNext = upper.equals("UPDATE") || upper.equals("CALL");
    } else if (tableNext) {
      tableNext = false;
      summary.append(' ').append(word);
      severalCollections |= collection != null && !collection.equals(word);
      collection = word;
    } else {
      tableNext = upper.equals("FROM") || upper.equals("INTO") || upper.equals("JOIN");
    }
  }
}
