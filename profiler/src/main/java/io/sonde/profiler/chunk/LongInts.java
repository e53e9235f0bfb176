package io.sonde.profiler.chunk;

import java.util.Arrays;

/** Whole numbers from 0 on, by number: a map without objects. */
public final class LongInts {
  private long[] keys = new long[64];

  /** One more than the value; 0 where there is none. */
  private int[] values = new int[64];

  private int count;

  /** An empty one. */
  public LongInts() {}

  /** The value, -1 where there is none. */
  public int get(long key) {
    int mask = keys.length - 1;
    for (int at = slot(key, mask); values[at] != 0; at = at + 1 & mask) {
      if (keys[at] == key) {
        return values[at] - 1;
      }
    }
    return -1;
  }

  /** Puts it there, in the place of what was there before. */
  public void put(long key, int value) {
    if (count * 2 >= keys.length) {
      grow();
    }
    set(key, value + 1);
  }

  /** The numbers that have a value. */
  long[] keys() {
    long[] all = new long[count];
    int found = 0;
    for (int i = 0; i < keys.length; i++) {
      if (values[i] != 0) {
        all[found++] = keys[i];
      }
    }
    return all;
  }

  /** Forgets all. */
  public void clear() {
    if (count > 0) {
      Arrays.fill(values, 0);
      count = 0;
    }
  }

  private void set(long key, int value) {
    int mask = keys.length - 1;
    int at = slot(key, mask);
    while (values[at] != 0 && keys[at] != key) {
      at = at + 1 & mask;
    }
    count += values[at] == 0 ? 1 : 0;
    keys[at] = key;
    values[at] = value;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    count = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != 0) {
        set(oldKeys[i], oldValues[i]);
      }
    }
  }

  private static int slot(long key, int mask) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed ^ mixed >>> 32) & mask;
  }
}
