package io.sonde.core.database;

/**
 * Takes the literals and comments out of a statement and shows its words to {@link SqlSummary}, in
 * one pass.
 *
 * <p>Never looks back at what it has passed and never looks ahead twice for the same thing, so that
 * time is linear in the text whatever stands in it. A literal or comment without an end goes to the
 * end of the text.
 */
final class SqlText {
  private final String sql;
  private final Dialect dialect;
  private final boolean keepLiterals;
  private final int end;
  private final SqlScanner scanner;
  private final SqlOutput out;
  private final SqlSummary summary = new SqlSummary();
  private int at;
  private boolean parameters;

  private SqlText(String sql, Dialect dialect, boolean keepLiterals) {
    this.sql = sql;
    this.dialect = dialect;
    this.keepLiterals = keepLiterals;
    end = sql.length();
    scanner = new SqlScanner(sql, dialect);
    out = new SqlOutput(Math.min(end, 4096));
  }

  /** The query of a text that may hold literals. */
  static Query parse(String sql, Dialect dialect) {
    return new SqlText(sql, dialect, false).run();
  }

  /**
   * The query of a prepared text: where it has parameters its literals are no data and stay, as the
   * conventions say.
   */
  static Query parsePrepared(String sql, Dialect dialect) {
    SqlText text = new SqlText(sql, dialect, true);
    Query query = text.run();
    return text.parameters ? query : parse(sql, dialect);
  }

  /** The query of a text that stays as it is. */
  static Query parseOnly(String sql, Dialect dialect) {
    Query query = new SqlText(sql, dialect, true).run();
    return new Query(
        query.text == null ? null : sql, query.operation, query.procedure, query.summary);
  }

  private Query run() {
    while (at < end) {
      step();
    }
    return summary.query(out.text());
  }

  private void step() {
    char c = sql.charAt(at);
    switch (c) {
      case '\'':
        literal(at, scanner.endOfQuoted(at, '\'', dialect.has(Dialect.BACKSLASHES)));
        return;
      case '"':
      case '`':
        name();
        return;
      case '[':
        if (dialect.has(Dialect.BRACKETS)) {
          name();
        } else {
          punctuation(c);
        }
        return;
      case '-':
        if (scanner.startsLineComment(at)) {
          blank(scanner.endOfLine(at));
        } else {
          punctuation(c);
        }
        return;
      case '/':
        if (peek(1) == '*') {
          blank(scanner.endOfComment(at));
        } else {
          punctuation(c);
        }
        return;
      case '#':
        if (dialect.has(Dialect.HASH_COMMENTS)) {
          blank(scanner.endOfLine(at));
        } else {
          name();
        }
        return;
      case '$':
        dollar();
        return;
      case '?':
        question();
        return;
      case ':':
        colon();
        return;
      case '@':
        parameter(scanner.endOfWord(at + 1));
        return;
      case '.':
        if (SqlScanner.isDigit(peek(1))) {
          number();
        } else {
          punctuation(c);
        }
        return;
      default:
        if (SqlScanner.isDigit(c)) {
          number();
        } else if (SqlScanner.isBlank(c)) {
          blank(at + 1);
        } else if (scanner.startsWord(c)) {
          name();
        } else {
          punctuation(c);
        }
    }
  }

  private char peek(int distance) {
    return at + distance < end ? sql.charAt(at + distance) : 0;
  }

  private void blank(int to) {
    out.blank();
    at = to;
  }

  private void punctuation(char c) {
    at++;
    out.punctuation(c);
    summary.punctuation(c);
  }

  // Literals

  private void literal(int from, int to) {
    summary.literal(sql, from, to);
    if (keepLiterals) {
      out.append(sql, from, to);
    } else {
      out.literal();
    }
    at = to;
  }

  private void number() {
    int i = at;
    boolean hex = peek(0) == '0' && (peek(1) | 0x20) == 'x';
    while (i < end) {
      char c = sql.charAt(i);
      if (c != '.' && !scanner.isWordPart(c)) {
        boolean exponent =
            !hex && (c == '-' || c == '+') && i > at && (sql.charAt(i - 1) | 0x20) == 'e';
        if (!exponent) {
          break;
        }
      }
      i++;
    }
    if (!keepLiterals) {
      out.dropSign();
    }
    literal(at, i);
  }

  /** {@code $1}, or PostgreSQL's {@code $tag$ … $tag$}. */
  private void dollar() {
    int tag = at + 1;
    while (tag < end && scanner.isWordPart(sql.charAt(tag)) && sql.charAt(tag) != '$') {
      tag++;
    }
    if (tag < end && sql.charAt(tag) == '$' && !SqlScanner.isDigit(peek(1))) {
      String quote = sql.substring(at, tag + 1);
      int close = sql.indexOf(quote, tag + 1);
      literal(at, close < 0 ? end : close + quote.length());
    } else {
      parameter(tag);
    }
  }

  // Parameters

  private void question() {
    if (peek(1) == '?') {
      // PostgreSQL's operator ? as its driver wants it in a prepared text.
      out.append(sql, at, at + 2);
      summary.punctuation('?');
      at += 2;
      return;
    }
    parameters = true;
    int i = at + 1;
    while (i < end && SqlScanner.isDigit(sql.charAt(i))) {
      i++;
    }
    parameter(i);
  }

  private void colon() {
    char next = peek(1);
    if (next == ':' || next == '=') {
      out.append(sql, at, at + 2);
      summary.punctuation(next);
      at += 2;
    } else {
      parameters |= dialect == Dialect.ORACLE;
      parameter(scanner.endOfWord(at + 1));
    }
  }

  private void parameter(int to) {
    if (to == at + 1 && sql.charAt(at) != '?') {
      punctuation(sql.charAt(at));
      return;
    }
    summary.parameter();
    out.append(sql, at, to);
    at = to;
  }

  // Names

  /**
   * A keyword or a name, with all its parts where dots join them; the dialect says whether quotes
   * make it a literal.
   */
  private void name() {
    int from = at;
    char first = sql.charAt(from);
    boolean quoted = first == '"' || first == '`' || first == '[';
    int to = scanner.endOfPart(from);
    if (!quoted && to < end && sql.charAt(to) == '\'' && literalAfter(from, to)) {
      return;
    }
    boolean parts = false;
    scanner.unterminated &= quoted;
    while (to + 1 < end && sql.charAt(to) == '.' && scanner.startsPart(sql.charAt(to + 1))) {
      to = scanner.endOfPart(to + 1);
      parts = true;
    }
    at = to;
    if (to == end && scanner.unterminated) {
      literal(from, to);
      return;
    }
    if (first == '"' && !parts && dialect.has(Dialect.DOUBLE_QUOTES_ARE_LITERALS)) {
      if (!summary.wantsName() && !out.endsWithDot()) {
        literal(from, to);
        return;
      }
    }
    if (quoted || parts) {
      out.append(sql, from, to);
      summary.name(sql, from, to, next());
    } else {
      plain(from, to);
    }
  }

  private void plain(int from, int to) {
    String word = sql.substring(from, to);
    SqlWord known = SqlWord.of(word);
    if (known == SqlWord.BOOLEAN && !summary.after(SqlWord.IS) && !summary.after(SqlWord.NOT)) {
      literal(from, to);
    } else {
      out.word(word, known);
      summary.word(word, known, next());
    }
  }

  /** What comes next on this line, to tell a call from a name. */
  private char next() {
    int i = at;
    while (i < end && i < at + 8 && sql.charAt(i) == ' ') {
      i++;
    }
    return i < end ? sql.charAt(i) : 0;
  }

  /** A prefix such as E, N, X or _utf8 belongs to the literal that touches it. */
  private boolean literalAfter(int from, int to) {
    int length = to - from;
    char prefix = (char) (sql.charAt(from) | 0x20);
    boolean known =
        length == 1 && "enbxrqu".indexOf(prefix) >= 0
            || length == 2 && prefix == 'n' && (sql.charAt(to - 1) | 0x20) == 'q'
            || length == 2 && prefix == 'u' && sql.charAt(to - 1) == '&'
            || sql.charAt(from) == '_';
    if (!known) {
      return false;
    }
    boolean q = dialect.has(Dialect.Q_QUOTES) && (sql.charAt(to - 1) | 0x20) == 'q';
    boolean backslashes =
        length == 1 && prefix == 'e'
            || dialect.has(Dialect.BACKSLASHES) && !(length == 1 && prefix == 'r');
    literal(from, q ? scanner.endOfQ(to) : scanner.endOfQuoted(to, '\'', backslashes));
    return true;
  }
}
