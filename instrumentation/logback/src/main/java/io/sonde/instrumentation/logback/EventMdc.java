package io.sonde.instrumentation.logback;

import io.sonde.core.LogIds;
import java.io.Serializable;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The application's own MDC with the ids of a span behind it; a key that the application set itself
 * keeps the application's value.
 *
 * <p>Read-only and as thread-safe as the map it is over, which Logback never changes again.
 */
final class EventMdc extends AbstractMap<String, String> implements Serializable {
  private static final long serialVersionUID = 1;

  private final transient Map<String, String> own;
  private final transient LogIds ids;

  EventMdc(Map<String, String> own, LogIds ids) {
    this.own = own;
    this.ids = ids;
  }

  boolean isOver(Map<String, String> map) {
    return own == map;
  }

  LogIds ids() {
    return ids;
  }

  @Override
  public @Nullable String get(@Nullable Object key) {
    String value = own.get(key);
    return value != null || own.containsKey(key) ? value : ids.get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return own.containsKey(key) || ids.get(key) != null;
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public int size() {
    int size = own.size();
    for (int i = 0; i < LogIds.COUNT; i++) {
      if (!own.containsKey(LogIds.key(i))) {
        size++;
      }
    }
    return size;
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    return new AbstractSet<Map.Entry<String, String>>() {
      @Override
      public Iterator<Map.Entry<String, String>> iterator() {
        return new Entries(own, ids);
      }

      @Override
      public int size() {
        return EventMdc.this.size();
      }
    };
  }

  /** What a receiver on the other side of a socket can read without our classes. */
  private Object writeReplace() {
    return new HashMap<>(this);
  }

  private static final class Entries implements Iterator<Map.Entry<String, String>> {
    private final Map<String, String> own;
    private final Iterator<Map.Entry<String, String>> first;
    private final LogIds ids;
    private int next;

    Entries(Map<String, String> own, LogIds ids) {
      this.own = own;
      this.first = own.entrySet().iterator();
      this.ids = ids;
      skip();
    }

    private void skip() {
      while (next < LogIds.COUNT && own.containsKey(LogIds.key(next))) {
        next++;
      }
    }

    @Override
    public boolean hasNext() {
      return first.hasNext() || next < LogIds.COUNT;
    }

    @Override
    public Map.Entry<String, String> next() {
      if (first.hasNext()) {
        return first.next();
      }
      if (next >= LogIds.COUNT) {
        throw new NoSuchElementException();
      }
      Map.Entry<String, String> entry =
          new SimpleImmutableEntry<>(LogIds.key(next), ids.value(next));
      next++;
      skip();
      return entry;
    }
  }
}
