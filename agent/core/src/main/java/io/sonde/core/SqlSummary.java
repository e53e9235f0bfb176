package io.sonde.core;

/**
 * Makes db.query.summary of a statement's words: its operations and what they are on, in their
 * order and spelling.
 *
 * <p>No grammar: a few words say that a target follows, and a scope for each parenthesis says
 * whether FROM is the clause or part of a function, and whether a comma goes on with a list of
 * targets.
 */
final class SqlSummary {
  private static final int MAX_DEPTH = 32;

  /** What the next name is. */
  private enum Expect {
    NOTHING,
    TABLE,
    INSERTED,
    PROCEDURE,
    DEFINITION,
    DEFINED,
    DATABASE
  }

  // The bits of a scope.
  private static final int QUERY = 1;
  private static final int LIST = 1 << 1;
  private static final int DELETES = 1 << 2;
  private static final int MERGES = 1 << 3;
  private static final int INSERTS = 1 << 4;

  private final SqlSummaryLine line = new SqlSummaryLine();
  private boolean escape;

  private final int[] scopes = new int[MAX_DEPTH];
  private int depth;
  private Expect expect = Expect.NOTHING;
  private SqlWord previous = SqlWord.NAME;
  private SqlWord beforePrevious = SqlWord.NAME;
  private boolean afterOpen;

  private boolean statementStart = true;
  private boolean skipping;
  private boolean closed;
  private boolean inBlock;
  private int mainDepth = -1;
  private int deleteEnd;
  private String definition = "";
  private boolean routine;

  Query query(String text) {
    return line.query(text, escape);
  }

  /** Whether what comes next can only be a name. */
  boolean wantsName() {
    return expect != Expect.NOTHING;
  }

  boolean after(SqlWord word) {
    return previous == word;
  }

  void literal(String sql, int from, int to) {
    if (expect == Expect.TABLE && sql.charAt(from) == '\'' && has(LIST)) {
      line.target(sql.substring(from, to));
    }
    value();
  }

  void parameter() {
    value();
  }

  private void value() {
    if (expect != Expect.PROCEDURE) {
      expect = Expect.NOTHING;
    }
    passed(SqlWord.NAME);
  }

  private void passed(SqlWord word) {
    beforePrevious = previous;
    previous = word;
    afterOpen = false;
  }

  void punctuation(char c) {
    switch (c) {
      case '(':
        open();
        return;
      case ')':
        depth = Math.max(0, depth - 1);
        expect = Expect.NOTHING;
        break;
      case ',':
        expect = has(LIST) ? Expect.TABLE : Expect.NOTHING;
        break;
      case ';':
        endOfStatement();
        break;
      case '{':
        escape |= statementStart && line.isEmpty();
        break;
      case '=':
      case '.':
        break;
      default:
        if (expect == Expect.TABLE) {
          expect = Expect.NOTHING;
        }
    }
    passed(SqlWord.NAME);
  }

  private void open() {
    depth++;
    scopes[scope()] = expect == Expect.TABLE ? LIST : 0;
    if (expect != Expect.TABLE) {
      expect = Expect.NOTHING;
    }
    passed(SqlWord.NAME);
    afterOpen = true;
  }

  private void endOfStatement() {
    depth = 0;
    scopes[0] = 0;
    expect = Expect.NOTHING;
    statementStart = true;
    skipping = false;
    mainDepth = -1;
  }

  private int scope() {
    return Math.min(depth, MAX_DEPTH - 1);
  }

  private boolean has(int bit) {
    return (scopes[scope()] & bit) != 0;
  }

  private void set(int bits) {
    scopes[scope()] |= bits;
  }

  private void endList() {
    scopes[scope()] &= ~LIST;
    expect = Expect.NOTHING;
  }

  /** A quoted name, or one with several parts. */
  void name(String sql, int from, int to, char next) {
    word(sql.substring(from, to), SqlWord.NAME, next);
  }

  void word(String word, SqlWord known, char next) {
    if (!skipping && !closed) {
      boolean opened = afterOpen;
      if (statementStart) {
        statementStart = false;
        start(word, known, next);
      } else if (!expected(word, known)) {
        inside(word, known, next, opened);
      }
    }
    passed(known);
  }

  private void start(String word, SqlWord known, char next) {
    switch (known) {
      case SELECT:
        select(word);
        break;
      case INSERT:
      case REPLACE:
        line.operation(word);
        expect = Expect.INSERTED;
        set(INSERTS);
        break;
      case UPDATE:
        line.operation(word);
        expect = Expect.TABLE;
        set(QUERY | LIST);
        break;
      case DELETE:
        line.operation(word);
        deleteEnd = line.length();
        expect = Expect.TABLE;
        set(QUERY | LIST | DELETES);
        break;
      case MERGE:
        line.operation(word);
        expect = Expect.TABLE;
        set(MERGES);
        break;
      case TABLE:
        line.operation(word);
        expect = Expect.TABLE;
        break;
      case WITH:
        mainDepth = depth;
        break;
      case CALL:
        line.operation(word);
        expect = Expect.PROCEDURE;
        break;
      case DEFINITION:
        definition = word;
        expect = Expect.DEFINITION;
        break;
      case USE:
        line.operation(word);
        expect = Expect.DATABASE;
        break;
      case EXPLAIN:
        line.operation(word);
        mainDepth = depth;
        break;
      case BEGIN:
        line.operation(word);
        inBlock = true;
        statementStart = true;
        break;
      case COMMAND:
      case DECLARE:
      case SET:
      case START:
      case VALUES:
        line.operation(word);
        skipping = true;
        break;
      default:
        if (inBlock && (next == '(' || next == ';' && word.indexOf('.') > 0)) {
          line.procedure(word);
          skipping = true;
        }
    }
  }

  private void select(String word) {
    line.operation(word);
    if (depth == mainDepth) {
      mainDepth = -1;
    }
    endList();
    set(QUERY);
  }

  /** Handles a word where a name is expected; false where it is none. */
  private boolean expected(String word, SqlWord known) {
    switch (expect) {
      case TABLE:
        return table(word, known);
      case INSERTED:
        if (known == SqlWord.NAME) {
          line.target(word);
          expect = Expect.NOTHING;
        }
        return known != SqlWord.INTO && known != SqlWord.SELECT;
      case PROCEDURE:
        if (known == SqlWord.ROUTINE) {
          return true;
        }
        if (known != SqlWord.IMMEDIATE) {
          line.procedure(word);
        }
        skipping = true;
        return true;
      case DEFINITION:
        definition(word, known);
        return true;
      case DEFINED:
        if (!isModifier(known)) {
          defined(word);
        }
        return true;
      case DATABASE:
        line.target(word);
        skipping = true;
        return true;
      default:
        return false;
    }
  }

  private boolean table(String word, SqlWord known) {
    switch (known) {
      case SELECT:
      case VALUES:
      case FROM:
        return false;
      case WITH:
        mainDepth = depth;
        expect = Expect.NOTHING;
        return true;
      case UNNEST:
        expect = Expect.NOTHING;
        return true;
      case TARGET_MODIFIER:
      case TABLE:
      case INTO:
      case KEYWORD:
      case REPLACE:
        return true;
      default:
        line.target(word);
        expect = Expect.NOTHING;
        return true;
    }
  }

  private static boolean isModifier(SqlWord known) {
    return known == SqlWord.MODIFIER
        || known == SqlWord.TARGET_MODIFIER
        || known == SqlWord.KEYWORD
        || known == SqlWord.NOT;
  }

  private void definition(String word, SqlWord known) {
    switch (known) {
      case TABLE:
      case OBJECT:
      case ROUTINE:
        line.operation(definition + ' ' + word);
        routine = known == SqlWord.ROUTINE;
        expect = Expect.DEFINED;
        break;
      case ACCOUNT:
        line.operation(definition + ' ' + word);
        skipping = true;
        break;
      case NAME:
        line.operation(definition);
        if (definition.equalsIgnoreCase("TRUNCATE")) {
          line.target(word);
        }
        skipping = true;
        break;
      default:
        // A modifier: what is defined comes later.
    }
  }

  private void defined(String word) {
    line.target(word);
    expect = Expect.NOTHING;
    boolean ends = definition.equalsIgnoreCase("DROP") || definition.equalsIgnoreCase("TRUNCATE");
    closed = routine && !ends;
    if (ends) {
      set(LIST);
    }
  }

  private void inside(String word, SqlWord known, char next, boolean opened) {
    switch (known) {
      case SELECT:
        select(word);
        break;
      case INSERT:
      case UPDATE:
      case DELETE:
      case MERGE:
      case REPLACE:
        if (opened && next != '(' || depth == mainDepth) {
          mainDepth = depth == mainDepth ? -1 : mainDepth;
          start(word, known, next);
        }
        break;
      case WITH:
        if (opened) {
          mainDepth = depth;
        }
        break;
      case FROM:
        from();
        break;
      case JOIN:
        set(LIST);
        expect = Expect.TABLE;
        break;
      case INTO:
        if (has(INSERTS)) {
          expect = Expect.TABLE;
        }
        break;
      case USING:
        if (has(MERGES) || has(DELETES) && next != '(') {
          set(has(DELETES) ? LIST : 0);
          expect = Expect.TABLE;
        }
        break;
      case CLAUSE:
      case SET:
      case START:
      case VALUES:
        endList();
        break;
      default:
        // A name or keyword in a place where it does not matter.
    }
  }

  private void from() {
    boolean comparison =
        previous == SqlWord.DISTINCT
            && (beforePrevious == SqlWord.IS || beforePrevious == SqlWord.NOT);
    if (!has(QUERY) || comparison) {
      return;
    }
    if (has(DELETES) && deleteEnd > 0) {
      line.cut(deleteEnd);
      deleteEnd = 0;
    }
    set(LIST);
    expect = Expect.TABLE;
  }
}
