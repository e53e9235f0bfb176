package io.sonde.instrumentation.log4j;

import io.sonde.core.LogIds;
import java.util.HashMap;
import java.util.Map;
import org.apache.logging.log4j.util.BiConsumer;
import org.apache.logging.log4j.util.ReadOnlyStringMap;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.apache.logging.log4j.util.StringMap;
import org.apache.logging.log4j.util.TriConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An event's own context data with the ids of a span behind it; a key that the application set
 * itself keeps the application's value.
 *
 * <p>Frozen, as Log4j wants a map that is not its own to be.
 */
final class EventContextData implements StringMap {
  private static final long serialVersionUID = 1;

  private final transient StringMap own;
  private final transient LogIds ids;

  EventContextData(StringMap own, LogIds ids) {
    this.own = own;
    this.ids = ids;
  }

  private boolean added(int index) {
    return !own.containsKey(LogIds.key(index));
  }

  @Override
  public boolean containsKey(@Nullable String key) {
    return own.containsKey(key) || ids.get(key) != null;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <V> @Nullable V getValue(@Nullable String key) {
    Object value = own.getValue(key);
    return (V) (value != null || own.containsKey(key) ? value : ids.get(key));
  }

  @Override
  public boolean isEmpty() {
    return false;
  }

  @Override
  public int size() {
    int size = own.size();
    for (int i = 0; i < LogIds.COUNT; i++) {
      if (added(i)) {
        size++;
      }
    }
    return size;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <V> void forEach(BiConsumer<String, ? super V> action) {
    own.forEach(action);
    for (int i = 0; i < LogIds.COUNT; i++) {
      if (added(i)) {
        action.accept(LogIds.key(i), (V) ids.value(i));
      }
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public <V, S> void forEach(TriConsumer<String, ? super V, S> action, S state) {
    own.forEach(action, state);
    for (int i = 0; i < LogIds.COUNT; i++) {
      if (added(i)) {
        action.accept(LogIds.key(i), (V) ids.value(i), state);
      }
    }
  }

  @Override
  public Map<String, String> toMap() {
    Map<String, String> map = new HashMap<>(own.toMap());
    for (int i = 0; i < LogIds.COUNT; i++) {
      if (added(i)) {
        map.put(LogIds.key(i), ids.value(i));
      }
    }
    return map;
  }

  @Override
  public boolean isFrozen() {
    return true;
  }

  @Override
  public void freeze() {
    // It always is.
  }

  @Override
  public void clear() {
    throw frozen();
  }

  @Override
  public void putValue(String key, Object value) {
    throw frozen();
  }

  @Override
  public void putAll(ReadOnlyStringMap source) {
    throw frozen();
  }

  @Override
  public void remove(String key) {
    throw frozen();
  }

  private static UnsupportedOperationException frozen() {
    return new UnsupportedOperationException("the context data of a log event cannot be changed");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReadOnlyStringMap
        && toMap().equals(((ReadOnlyStringMap) other).toMap());
  }

  @Override
  public int hashCode() {
    return toMap().hashCode();
  }

  @Override
  public String toString() {
    return toMap().toString();
  }

  /** What a receiver on the other side of a socket can read without our classes. */
  private Object writeReplace() {
    return new SortedArrayStringMap(this);
  }
}
