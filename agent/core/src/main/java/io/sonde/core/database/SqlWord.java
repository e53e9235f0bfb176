package io.sonde.core.database;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The keywords of SQL by what they mean for {@link SqlSummary}; every other word is a {@link
 * #NAME}.
 */
enum SqlWord {
  NAME(""),
  /** Keywords that matter only in that they are no names. */
  KEYWORD(
      "AND OR WHEN THEN ELSE CASE BETWEEN LIKE ILIKE ALL ANY SOME BY AS ASC DESC ON EXISTS DIV MOD"
          + " RETURN INTERVAL TOP"),
  DISTINCT("DISTINCT"),
  IN("IN"),
  IS("IS"),
  NOT("NOT"),
  ARRAY("ARRAY"),
  VALUES("VALUES VALUE"),
  BOOLEAN("TRUE FALSE"),

  // What a statement begins with.
  SELECT("SELECT"),
  INSERT("INSERT UPSERT"),
  REPLACE("REPLACE"),
  UPDATE("UPDATE"),
  DELETE("DELETE"),
  MERGE("MERGE"),
  WITH("WITH"),
  CALL("CALL EXEC EXECUTE"),
  DEFINITION("CREATE ALTER DROP TRUNCATE"),
  USE("USE"),
  EXPLAIN("EXPLAIN"),
  BEGIN("BEGIN"),
  DECLARE("DECLARE"),
  /** Statements that are known by their first word alone. */
  COMMAND(
      "COMMIT ROLLBACK SAVEPOINT RELEASE SHOW DESCRIBE GRANT REVOKE LOCK UNLOCK VACUUM ANALYZE"
          + " ANALYSE REFRESH COPY LOAD UNLOAD PRAGMA ATTACH DETACH CHECKPOINT CLUSTER REINDEX LISTEN NOTIFY"
          + " UNLISTEN PREPARE DEALLOCATE CLOSE OPEN MOVE ABORT DO HANDLER KILL FLUSH OPTIMIZE REPAIR"
          + " RENAME COMMENT PURGE BACKUP RESTORE DBCC PRINT RAISERROR WAITFOR MATCH SHUTDOWN SCRIPT"
          + " RUNSCRIPT MSCK CACHE UNCACHE DISCARD IMPORT EXPORT PUT GET SIGNAL RESET"),

  // What a target follows.
  FROM("FROM"),
  JOIN("JOIN STRAIGHT_JOIN APPLY"),
  INTO("INTO"),
  USING("USING"),

  // What ends a list of targets.
  CLAUSE(
      "WHERE GROUP ORDER HAVING LIMIT UNION EXCEPT INTERSECT MINUS RETURNING WINDOW FETCH OFFSET"
          + " CONNECT QUALIFY FOR OUTPUT OPTION PREWHERE"),
  SET("SET"),
  START("START"),

  /** What may stand between an operation and its target. */
  TARGET_MODIFIER("ONLY LATERAL LOW_PRIORITY HIGH_PRIORITY DELAYED IGNORE QUICK OVERWRITE"),

  /** What may stand between a definition and what it is of, or its name. */
  MODIFIER(
      "IF CONCURRENTLY BODY TEMP TEMPORARY GLOBAL LOCAL UNIQUE CLUSTERED NONCLUSTERED BITMAP FULLTEXT"
          + " SPATIAL UNLOGGED FORCE NOFORCE EXTERNAL FOREIGN PUBLIC MATERIALIZED RECURSIVE CACHED MEMORY"
          + " EDITIONABLE NONEDITIONABLE VIRTUAL TRANSIENT"),
  UNNEST("UNNEST"),
  IMMEDIATE("IMMEDIATE"),

  // What a definition is of.
  TABLE("TABLE"),
  OBJECT(
      "VIEW INDEX SEQUENCE SCHEMA DATABASE EXTENSION SYNONYM DOMAIN TABLESPACE DICTIONARY STREAM"),
  /** Its body may hold statements, which are not run now. */
  ROUTINE("FUNCTION PROCEDURE PROC TRIGGER PACKAGE TYPE EVENT RULE ALIAS AGGREGATE OPERATOR"),
  /** Its name is a person's, or what follows may be a secret. */
  ACCOUNT("USER ROLE LOGIN SERVER CREDENTIAL SUBSCRIPTION PROFILE SESSION SYSTEM");

  private static final int LONGEST = 16;
  private static final Map<String, SqlWord> ALL = new HashMap<>();

  static {
    for (SqlWord one : values()) {
      for (String word : one.words.split(" ")) {
        ALL.put(word, one);
      }
    }
  }

  private final String words;

  SqlWord(String words) {
    this.words = words;
  }

  static SqlWord of(String word) {
    SqlWord known = word.length() > LONGEST ? null : ALL.get(word.toUpperCase(Locale.ROOT));
    return known == null ? NAME : known;
  }
}
