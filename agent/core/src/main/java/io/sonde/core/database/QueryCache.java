package io.sonde.core.database;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Queries by their texts, at most {@link #MAX_CHARACTERS} of them.
 *
 * <p>Two maps: the young one takes what is new and what was found in the old one again; when it is
 * full it becomes the old one. So a flood of texts that are seen once does not drive out those that
 * are in use.
 */
final class QueryCache {
  static final int MAX_CHARACTERS = 512 * 1024;
  private static final int OVERHEAD = 100;

  private volatile ConcurrentHashMap<String, Query> young = new ConcurrentHashMap<>();
  private volatile ConcurrentHashMap<String, Query> old = new ConcurrentHashMap<>();
  private final AtomicLong characters = new AtomicLong();

  @Nullable Query get(String text) {
    Query query = young.get(text);
    if (query == null) {
      query = old.get(text);
      if (query != null) {
        put(text, query);
      }
    }
    return query;
  }

  void put(String text, Query query) {
    if (young.putIfAbsent(text, query) == null
        && characters.addAndGet(text.length() + OVERHEAD) > MAX_CHARACTERS / 2) {
      age();
    }
  }

  private synchronized void age() {
    if (characters.get() > MAX_CHARACTERS / 2) {
      old = young;
      young = new ConcurrentHashMap<>();
      characters.set(0);
    }
  }

  int size() {
    return young.size() + old.size();
  }
}
