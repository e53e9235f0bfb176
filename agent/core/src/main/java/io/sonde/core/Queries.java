package io.sonde.core;

import java.util.concurrent.ConcurrentHashMap;

/**
 * The queries that were seen, so that a text is sanitised once.
 *
 * <p>Bounded by count and length: what does not fit is sanitised each time, cut to {@link
 * #MAX_LENGTH}.
 */
public final class Queries {
  static final int MAX = 2000;
  static final int MAX_LENGTH = 32 * 1024;

  private static final ConcurrentHashMap<String, Query> SEEN = new ConcurrentHashMap<>();

  private Queries() {}

  /** The query of a statement's text. */
  public static Query of(String text) {
    Query query = SEEN.get(text);
    if (query != null) {
      return query;
    }
    query = SqlText.parse(text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text);
    if (text.length() <= MAX_LENGTH / 4 && SEEN.mappingCount() < MAX) {
      SEEN.putIfAbsent(text, query);
    }
    return query;
  }
}
