package io.sonde.profiler.pprof;

import java.util.Arrays;

/** The string table: each text once, the empty one first. */
final class Strings {
  private String[] texts = new String[256];
  private int[] table = new int[512];
  private int count;

  Strings() {
    of("");
  }

  /** The index of that text, which is added where it is new. */
  int of(String text) {
    int known = find(text);
    if (known >= 0) {
      return known;
    }
    if (count == texts.length) {
      grow();
    }
    texts[count] = text;
    enter(count);
    return count++;
  }

  /** The index of that text, or -1. */
  int find(String text) {
    int mask = table.length - 1;
    int at = spread(text.hashCode()) & mask;
    for (int entry = table[at]; entry != 0; entry = table[at]) {
      if (texts[entry - 1].equals(text)) {
        return entry - 1;
      }
      at = at + 1 & mask;
    }
    return -1;
  }

  private void enter(int index) {
    int mask = table.length - 1;
    int at = spread(texts[index].hashCode()) & mask;
    while (table[at] != 0) {
      at = at + 1 & mask;
    }
    table[at] = index + 1;
  }

  String text(int index) {
    return texts[index];
  }

  int count() {
    return count;
  }

  private void grow() {
    texts = Arrays.copyOf(texts, texts.length * 2);
    table = new int[texts.length * 2];
    for (int i = 0; i < count; i++) {
      enter(i);
    }
  }

  static int spread(int hash) {
    int h = hash * 0x9E3779B9;
    return h ^ h >>> 15;
  }
}
