package io.sonde.core.database;

/**
 * The text as it leaves {@link SqlText}: blanks made one, and lists shortened to what differs from
 * their first element.
 *
 * <p>Lists are what stands in {@code IN (…)} and {@code ARRAY[…]} and the rows after {@code
 * VALUES}. An element is compared with the first of its list only, so that the comparisons take no
 * longer than writing the text did.
 */
final class SqlOutput {
  private static final int MAX_DEPTH = 32;
  private static final int NONE = -1;

  private final StringBuilder out;
  private boolean blank;

  private int depth;
  // For each open parenthesis that holds a list: where the first element begins and ends, where the
  // one being written
  // begins, and where what is kept ends.
  private final int[] firstStart = new int[MAX_DEPTH];
  private final int[] firstEnd = new int[MAX_DEPTH];
  private final int[] current = new int[MAX_DEPTH];
  private final int[] kept = new int[MAX_DEPTH];

  private boolean listNext;
  private int rowsDepth = NONE;
  private boolean rowNext;
  private int rowStart;
  private int firstRowStart;
  private int firstRowEnd;
  private int keptRows;

  private boolean operand;
  private int signAt = NONE;

  SqlOutput(int capacity) {
    out = new StringBuilder(capacity);
  }

  String text() {
    return out.toString();
  }

  void blank() {
    blank = true;
  }

  private void separate() {
    if (blank && out.length() > 0) {
      out.append(' ');
    }
    blank = false;
  }

  void append(String sql, int from, int to) {
    separate();
    out.append(sql, from, to);
    other(true);
  }

  void literal() {
    separate();
    out.append('?');
    other(true);
  }

  void word(String word, SqlWord known) {
    separate();
    out.append(word);
    other(known == SqlWord.NAME);
    if (known == SqlWord.IN || known == SqlWord.ARRAY) {
      listNext = true;
    } else if (known == SqlWord.VALUES) {
      rowsDepth = depth;
      rowNext = true;
      firstRowEnd = NONE;
    }
  }

  /** Something that is no part of a list's punctuation was written; it ends a list of rows. */
  private void other(boolean isOperand) {
    listNext = false;
    operand = isOperand;
    signAt = NONE;
    if (depth == rowsDepth) {
      rowsDepth = NONE;
    }
  }

  boolean endsWithDot() {
    int length = out.length();
    return !blank && length > 0 && out.charAt(length - 1) == '.';
  }

  /** A number follows: takes back a sign before it that stands between no two operands. */
  void dropSign() {
    if (signAt != NONE) {
      out.setLength(signAt);
      blank = false;
    }
  }

  void punctuation(char c) {
    switch (c) {
      case '(':
      case '[':
        open(c);
        break;
      case ')':
      case ']':
        close(c);
        break;
      case ',':
        comma();
        break;
      default:
        separate();
        int sign = (c == '-' || c == '+') && !operand ? out.length() : NONE;
        out.append(c);
        other(false);
        signAt = sign;
    }
  }

  private void open(char c) {
    boolean list = listNext;
    separate();
    if (depth == rowsDepth && rowNext) {
      rowStart = out.length();
      rowNext = false;
    } else {
      other(false);
    }
    out.append(c);
    listNext = false;
    operand = false;
    signAt = NONE;
    if (depth < MAX_DEPTH) {
      firstEnd[depth] = NONE;
      firstStart[depth] = list ? out.length() : NONE;
      current[depth] = out.length();
    }
    depth++;
  }

  private void close(char c) {
    if (depth == 0) {
      separate();
      out.append(c);
      other(true);
      return;
    }
    if (rowsDepth == depth) {
      rowsDepth = NONE;
    }
    depth--;
    element();
    separate();
    out.append(c);
    listNext = false;
    operand = true;
    signAt = NONE;
    if (depth == rowsDepth) {
      row();
    }
  }

  private void comma() {
    if (depth > 0) {
      depth--;
      element();
      depth++;
    }
    separate();
    out.append(',');
    listNext = false;
    operand = false;
    signAt = NONE;
    if (depth > 0 && depth <= MAX_DEPTH) {
      current[depth - 1] = out.length();
    }
    if (depth == rowsDepth) {
      rowNext = true;
    }
  }

  /** An element of the list at {@link #depth} is complete. */
  private void element() {
    if (depth >= MAX_DEPTH || firstStart[depth] == NONE) {
      return;
    }
    int length = out.length();
    if (firstEnd[depth] == NONE) {
      firstEnd[depth] = length;
      kept[depth] = length;
    } else if (same(firstStart[depth], firstEnd[depth], current[depth], length)) {
      out.setLength(kept[depth]);
    } else {
      kept[depth] = length;
    }
  }

  /** A row after VALUES is complete. */
  private void row() {
    int length = out.length();
    if (firstRowEnd == NONE) {
      firstRowStart = rowStart;
      firstRowEnd = length;
      keptRows = length;
    } else if (same(firstRowStart, firstRowEnd, rowStart, length)) {
      out.setLength(keptRows);
    } else {
      keptRows = length;
    }
  }

  /**
   * Whether two parts of the output are the same but for the numbers or names of parameters and
   * blanks around them.
   */
  private boolean same(int from, int to, int otherFrom, int otherTo) {
    int a = skipBlank(from, to);
    int b = skipBlank(otherFrom, otherTo);
    while (a < to && b < otherTo) {
      char c = out.charAt(a++);
      if (c != out.charAt(b++)) {
        return false;
      }
      if (c == '?' || c == '$' || c == ':' || c == '@') {
        a = skipName(a, to);
        b = skipName(b, otherTo);
      }
    }
    return skipBlank(a, to) == to && skipBlank(b, otherTo) == otherTo;
  }

  private int skipBlank(int from, int to) {
    return from < to && out.charAt(from) == ' ' ? from + 1 : from;
  }

  private int skipName(int from, int to) {
    int i = from;
    while (i < to && (Character.isLetterOrDigit(out.charAt(i)) || out.charAt(i) == '_')) {
      i++;
    }
    return i;
  }
}
