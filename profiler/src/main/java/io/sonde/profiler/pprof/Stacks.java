package io.sonde.profiler.pprof;

import java.util.Arrays;

/** The stacks of a profile, each once: frames from the leaf on, one after the other in a pool. */
final class Stacks {
  /** Deeper ones are refused by Pyroscope. */
  static final int MAX_DEPTH = 1000;

  private static final int MAX = 16_000;
  private static final int MAX_POOL = 1 << 20;

  private final int max;
  private final int maxPool;

  private int[] pool = new int[4096];
  private int used;
  // where each stack ends in the pool; it starts where the one before ends
  private int[] ends = new int[256];
  private int[] hashes = new int[256];
  private int[] table = new int[512];
  private int count;

  /** As many times the stacks of one window. */
  Stacks(int times) {
    max = MAX * times;
    maxPool = MAX_POOL * times;
  }

  /**
   * The stack of these frames and, unless that is negative, one more at the root; -1 where there is
   * no room for another one.
   */
  int of(int[] frames, int depth, int root) {
    int hash = hash(frames, depth, root);
    int mask = table.length - 1;
    int at = hash & mask;
    for (int entry = table[at]; entry != 0; entry = table[at]) {
      if (hashes[entry - 1] == hash && same(entry - 1, frames, depth, root)) {
        return entry - 1;
      }
      at = at + 1 & mask;
    }
    int length = root < 0 ? depth : depth + 1;
    if (count >= max || used + length > maxPool) {
      return -1;
    }
    if (count == ends.length) {
      grow();
      return of(frames, depth, root);
    }
    if (used + length > pool.length) {
      pool = Arrays.copyOf(pool, Math.max(pool.length * 2, used + length));
    }
    System.arraycopy(frames, 0, pool, used, depth);
    if (root >= 0) {
      pool[used + depth] = root;
    }
    used += length;
    ends[count] = used;
    hashes[count] = hash;
    table[at] = ++count;
    return count - 1;
  }

  private static int hash(int[] frames, int depth, int root) {
    int hash = root;
    for (int i = 0; i < depth; i++) {
      hash = hash * 31 + frames[i];
    }
    return Strings.spread(hash);
  }

  private boolean same(int stack, int[] frames, int depth, int root) {
    int start = start(stack);
    int length = ends[stack] - start;
    if (length != (root < 0 ? depth : depth + 1)) {
      return false;
    }
    for (int i = 0; i < depth; i++) {
      if (pool[start + i] != frames[i]) {
        return false;
      }
    }
    return root < 0 || pool[start + depth] == root;
  }

  private int start(int stack) {
    return stack == 0 ? 0 : ends[stack - 1];
  }

  private void grow() {
    ends = Arrays.copyOf(ends, ends.length * 2);
    hashes = Arrays.copyOf(hashes, ends.length);
    table = new int[ends.length * 2];
    int mask = table.length - 1;
    for (int i = 0; i < count; i++) {
      int at = hashes[i] & mask;
      while (table[at] != 0) {
        at = at + 1 & mask;
      }
      table[at] = i + 1;
    }
  }

  int count() {
    return count;
  }

  int depth(int stack) {
    return ends[stack] - start(stack);
  }

  /** A frame of that stack; 0 is the leaf. */
  int frame(int stack, int depth) {
    return pool[start(stack) + depth];
  }

  /** Writes the stack's location ids, packed. */
  void write(int stack, Bytes out) {
    for (int i = start(stack); i < ends[stack]; i++) {
      out.varint(pool[i] + 1L);
    }
  }
}
