package io.sonde.profiler.pprof;

import java.util.Arrays;

/** Values by stack, span and endpoint. */
final class Samples {
  /** More are refused by Pyroscope. */
  static final int MAX = 16_000;

  int[] stack = new int[256];
  int[] endpoint = new int[256];
  long[] span = new long[256];
  long[] traceHi = new long[256];
  long[] traceLo = new long[256];
  long[] first = new long[256];
  long[] second = new long[256];
  private int[] table = new int[512];
  private int count;

  int count() {
    return count;
  }

  /** Adds to the sample of this key; false where there are as many samples as {@code max}. */
  boolean add(int ofStack, long spanId, long hi, long lo, int at, long one, long two, int max) {
    int mask = table.length - 1;
    int slot = hash(ofStack, spanId, lo, at) & mask;
    for (int entry = table[slot]; entry != 0; entry = table[slot]) {
      int i = entry - 1;
      if (stack[i] == ofStack
          && span[i] == spanId
          && endpoint[i] == at
          && traceLo[i] == lo
          && traceHi[i] == hi) {
        first[i] += one;
        second[i] += two;
        return true;
      }
      slot = slot + 1 & mask;
    }
    if (count >= max) {
      return false;
    }
    if (count == stack.length) {
      grow();
      return add(ofStack, spanId, hi, lo, at, one, two, max);
    }
    stack[count] = ofStack;
    span[count] = spanId;
    traceHi[count] = hi;
    traceLo[count] = lo;
    endpoint[count] = at;
    first[count] = one;
    second[count] = two;
    table[slot] = ++count;
    return true;
  }

  private static int hash(int stack, long span, long traceLo, int endpoint) {
    long mixed = (span ^ traceLo * 31) + stack * 0x9E3779B97F4A7C15L + endpoint;
    return Strings.spread((int) (mixed ^ mixed >>> 32));
  }

  private void grow() {
    int capacity = stack.length * 2;
    stack = Arrays.copyOf(stack, capacity);
    endpoint = Arrays.copyOf(endpoint, capacity);
    span = Arrays.copyOf(span, capacity);
    traceHi = Arrays.copyOf(traceHi, capacity);
    traceLo = Arrays.copyOf(traceLo, capacity);
    first = Arrays.copyOf(first, capacity);
    second = Arrays.copyOf(second, capacity);
    table = new int[capacity * 2];
    int mask = table.length - 1;
    for (int i = 0; i < count; i++) {
      int slot = hash(stack[i], span[i], traceLo[i], endpoint[i]) & mask;
      while (table[slot] != 0) {
        slot = slot + 1 & mask;
      }
      table[slot] = i + 1;
    }
  }
}
