package io.sonde.core.metrics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The attributes of one series. */
public final class Labels {
  /** No attributes. */
  public static final Labels NONE = new Labels(new Object[0]);

  private final Object[] pairs;

  private Labels(Object[] pairs) {
    this.pairs = pairs;
  }

  /**
   * Key, value, key, value: values are String, Long or Boolean; where it is null both are left out.
   */
  public static Labels of(@Nullable Object... keysAndValues) {
    Object[] pairs = new Object[keysAndValues.length];
    int used = 0;
    for (int i = 0; i < keysAndValues.length; i += 2) {
      Object key = keysAndValues[i];
      Object value = keysAndValues[i + 1];
      if (key != null && value != null) {
        pairs[used++] = key;
        pairs[used++] = value;
      }
    }
    return used == 0 ? NONE : new Labels(Arrays.copyOf(pairs, used));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Labels && Arrays.equals(pairs, ((Labels) other).pairs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pairs);
  }

  /** The value at that key, null where there is none. */
  public @Nullable Object get(String key) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(key)) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  /** These but for the one of that key. */
  public Labels without(String key) {
    if (get(key) == null) {
      return this;
    }
    Object[] rest = new Object[pairs.length - 2];
    int used = 0;
    for (int i = 0; i < pairs.length; i += 2) {
      if (!pairs[i].equals(key)) {
        rest[used++] = pairs[i];
        rest[used++] = pairs[i + 1];
      }
    }
    return used == 0 ? NONE : new Labels(rest);
  }

  /** How many there are. */
  public int size() {
    return pairs.length / 2;
  }

  /** The key of the one at {@code i}. */
  public String key(int i) {
    return (String) pairs[i * 2];
  }

  /** The value of the one at {@code i}: String, Long or Boolean. */
  public Object value(int i) {
    return pairs[i * 2 + 1];
  }
}
