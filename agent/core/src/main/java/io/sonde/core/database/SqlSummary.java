package io.sonde.core.database;

import static io.sonde.core.database.SqlScopes.DELETES;
import static io.sonde.core.database.SqlScopes.INSERTS;
import static io.sonde.core.database.SqlScopes.LIST;
import static io.sonde.core.database.SqlScopes.MERGES;
import static io.sonde.core.database.SqlScopes.QUERY;

/**
 * Makes db.query.summary of a statement's words: its operations and what they are on, in their
 * order and spelling.
 *
 * <p>No grammar: a few words say that a target follows, and {@link SqlScopes} whether FROM is the
 * clause or part of a function, and whether a comma goes on with a list of targets.
 */
final class SqlSummary {
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

  private final SqlSummaryLine line = new SqlSummaryLine();
  private boolean escape;

  private final SqlScopes scopes = new SqlScopes();
  private Expect expect = Expect.NOTHING;
  private SqlWord previous = SqlWord.NAME;
  private SqlWord beforePrevious = SqlWord.NAME;
  private boolean afterOpen;

  private boolean statementStart = true;
  private boolean skipping;
  private boolean closed;
  private boolean inBlock;
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
    if (expect == Expect.TABLE && sql.charAt(from) == '\'' && scopes.has(LIST)) {
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
        scopes.close();
        expect = Expect.NOTHING;
        break;
      case ',':
        expect = scopes.has(LIST) ? Expect.TABLE : Expect.NOTHING;
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
    scopes.open(expect == Expect.TABLE ? LIST : 0);
    if (expect != Expect.TABLE) {
      expect = Expect.NOTHING;
    }
    passed(SqlWord.NAME);
    afterOpen = true;
  }

  private void endOfStatement() {
    scopes.clear();
    expect = Expect.NOTHING;
    statementStart = true;
    skipping = false;
  }

  private void endList() {
    scopes.unset(LIST);
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
        scopes.set(INSERTS);
        break;
      case UPDATE:
        line.operation(word);
        expect = Expect.TABLE;
        scopes.set(QUERY | LIST);
        break;
      case DELETE:
        line.operation(word);
        deleteEnd = line.length();
        expect = Expect.TABLE;
        scopes.set(QUERY | LIST | DELETES);
        break;
      case MERGE:
        line.operation(word);
        expect = Expect.TABLE;
        scopes.set(MERGES);
        break;
      case TABLE:
        line.operation(word);
        expect = Expect.TABLE;
        break;
      case WITH:
        scopes.beginMain();
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
        scopes.beginMain();
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
    scopes.takeMain();
    endList();
    scopes.set(QUERY);
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
        scopes.beginMain();
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
      scopes.set(LIST);
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
        if (scopes.takeMain() || opened && next != '(') {
          start(word, known, next);
        }
        break;
      case WITH:
        if (opened) {
          scopes.beginMain();
        }
        break;
      case FROM:
        from();
        break;
      case JOIN:
        scopes.set(LIST);
        expect = Expect.TABLE;
        break;
      case INTO:
        if (scopes.has(INSERTS)) {
          expect = Expect.TABLE;
        }
        break;
      case USING:
        if (scopes.has(MERGES) || scopes.has(DELETES) && next != '(') {
          scopes.set(scopes.has(DELETES) ? LIST : 0);
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
    if (!scopes.has(QUERY) || comparison) {
      return;
    }
    if (scopes.has(DELETES) && deleteEnd > 0) {
      line.cut(deleteEnd);
      deleteEnd = 0;
    }
    scopes.set(LIST);
    expect = Expect.TABLE;
  }
}
