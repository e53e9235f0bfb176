package io.sonde.core.database;

/**
 * Where the things end that a statement's text is made of: words, quoted parts, comments.
 *
 * <p>What has no end goes to the end of the text.
 */
final class SqlScanner {
  private final String sql;
  private final int end;
  private final Dialect dialect;

  SqlScanner(String sql, Dialect dialect) {
    this.sql = sql;
    this.dialect = dialect;
    end = sql.length();
  }

  private char charAt(int i) {
    return i < end ? sql.charAt(i) : 0;
  }

  /** Whether the last {@link #endOfQuoted} found none. */
  boolean unterminated;

  /** The end of what is quoted; a doubled quote does not end it. */
  int endOfQuoted(int from, char quote, boolean backslashes) {
    unterminated = false;
    int i = from + 1;
    while (i < end) {
      char c = sql.charAt(i++);
      if (c == '\\' && backslashes) {
        i++;
      } else if (c == quote) {
        if (i < end && sql.charAt(i) == quote) {
          i++;
        } else {
          return i;
        }
      }
    }
    unterminated = true;
    return end;
  }

  /** Oracle's {@code q'[…]'}; {@code from} is the apostrophe. */
  int endOfQ(int from) {
    char open = from + 1 < end ? sql.charAt(from + 1) : 0;
    char close =
        open == '[' ? ']' : open == '(' ? ')' : open == '{' ? '}' : open == '<' ? '>' : open;
    int i = from + 2;
    while (i + 1 < end) {
      if (sql.charAt(i) == close && sql.charAt(i + 1) == '\'') {
        return i + 2;
      }
      i++;
    }
    return end;
  }

  int endOfPart(int from) {
    char c = sql.charAt(from);
    if (c == '"' || c == '`') {
      boolean backslashes = c == '"' && dialect.has(Dialect.BACKSLASHES);
      return endOfQuoted(from, c, backslashes);
    }
    if (c == '[') {
      return endOfQuoted(from, ']', false);
    }
    int to = endOfWord(from + 1);
    if (to == from + 1
        && (c | 0x20) == 'u'
        && to + 1 < end
        && sql.charAt(to) == '&'
        && sql.charAt(to + 1) == '\'') {
      to++;
    }
    return to;
  }

  boolean startsPart(char c) {
    return startsWord(c) || c == '"' || c == '`' || c == '[' && dialect.has(Dialect.BRACKETS);
  }

  int endOfWord(int from) {
    int i = from;
    while (i < end && isWordPart(sql.charAt(i))) {
      i++;
    }
    return i;
  }

  boolean startsWord(char c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c == '_'
        || c == '#' && !dialect.has(Dialect.HASH_COMMENTS)
        || c > 127 && !isBlank(c);
  }

  boolean isWordPart(char c) {
    return startsWord(c) || isDigit(c) || c == '$' || c == '@';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isBlank(char c) {
    return c <= ' ' || c == '\u00a0' || c == '\ufeff';
  }

  boolean startsLineComment(int from) {
    return charAt(from + 1) == '-'
        && (!dialect.has(Dialect.DASHES_NEED_SPACE) || isBlank(charAt(from + 2)));
  }

  int endOfLine(int from) {
    int i = from;
    while (i < end && sql.charAt(i) != '\n' && sql.charAt(i) != '\r') {
      i++;
    }
    return i;
  }

  int endOfComment(int from) {
    boolean nested = !dialect.has(Dialect.FLAT_COMMENTS);
    int depth = 1;
    int i = from + 2;
    while (i + 1 < end) {
      char c = sql.charAt(i);
      char next = sql.charAt(i + 1);
      if (c == '*' && next == '/') {
        i += 2;
        if (--depth == 0) {
          return i;
        }
      } else if (nested && c == '/' && next == '*') {
        i += 2;
        depth++;
      } else {
        i++;
      }
    }
    return end;
  }
}
