package io.sonde.core.database;

import org.jspecify.annotations.Nullable;

/**
 * The text of db.query.summary while {@link SqlSummary} finds its parts; never ends inside a name.
 */
final class SqlSummaryLine {
  static final int MAX_LENGTH = 255;

  private final StringBuilder line = new StringBuilder(64);
  private boolean full;
  private @Nullable String operation;
  private @Nullable String procedure;

  /**
   * The query; JDBC's {@code {call …}} names its operation and procedure itself and has no text.
   */
  Query query(String text, boolean escape) {
    boolean call = escape && procedure != null;
    return new Query(
        call ? null : text, call ? operation : null, procedure, isEmpty() ? null : line.toString());
  }

  void operation(String word) {
    if (operation == null) {
      operation = word;
    }
    append(word);
  }

  void target(String name) {
    append(name);
  }

  void procedure(String name) {
    if (procedure == null) {
      procedure = name;
    }
    append(name);
  }

  private void append(String part) {
    int separator = isEmpty() ? 0 : 1;
    full |= line.length() + separator + part.length() > MAX_LENGTH;
    if (!full) {
      if (separator == 1) {
        line.append(' ');
      }
      line.append(part);
    }
  }

  boolean isEmpty() {
    return line.length() == 0;
  }

  int length() {
    return line.length();
  }

  /** Forgets what came after the first {@code length} characters. */
  void cut(int length) {
    line.setLength(length);
  }
}
