package io.sonde.core.database;

/**
 * What each open parenthesis of a statement is part of, while {@link SqlSummary} goes through it;
 * those that are nested deeper than the bound share one place.
 */
final class SqlScopes {
  private static final int MAX_DEPTH = 32;

  /** A query: FROM is its clause. */
  static final int QUERY = 1;

  /** A list of targets: a comma goes on with it. */
  static final int LIST = 1 << 1;

  static final int DELETES = 1 << 2;
  static final int MERGES = 1 << 3;
  static final int INSERTS = 1 << 4;

  private final int[] scopes = new int[MAX_DEPTH];
  private int depth;
  private int main = -1;

  void open(int bits) {
    depth++;
    scopes[scope()] = bits;
  }

  void close() {
    depth = Math.max(0, depth - 1);
  }

  /** A new statement begins. */
  void clear() {
    depth = 0;
    scopes[0] = 0;
    main = -1;
  }

  private int scope() {
    return Math.min(depth, MAX_DEPTH - 1);
  }

  boolean has(int bit) {
    return (scopes[scope()] & bit) != 0;
  }

  void set(int bits) {
    scopes[scope()] |= bits;
  }

  void unset(int bits) {
    scopes[scope()] &= ~bits;
  }

  /** At this depth the main statement is to come, as after WITH. */
  void beginMain() {
    main = depth;
  }

  /** Whether what begins here is the main statement, which is then no longer to come. */
  boolean takeMain() {
    boolean here = depth == main;
    if (here) {
      main = -1;
    }
    return here;
  }
}
