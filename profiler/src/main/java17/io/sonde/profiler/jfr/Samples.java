package io.sonde.profiler.jfr;

import java.util.Arrays;

/** The samples of one window until clock and weights are known. */
final class Samples {
  /** More than any window of a bounded recording holds. */
  private static final int MAX = 400_000;

  int count;
  long dropped;
  byte[] kind = new byte[1024];
  long[] thread = new long[1024];
  long[] ticks = new long[1024];
  int[] stack = new int[1024];
  int[] label = new int[1024];
  long[] first = new long[1024];
  long[] second = new long[1024];

  void add(int kind, long thread, long ticks, int stack, int label, long first, long second) {
    if (count == MAX) {
      dropped++;
      return;
    }
    if (count == this.kind.length) {
      int size = count * 2;
      this.kind = Arrays.copyOf(this.kind, size);
      this.thread = Arrays.copyOf(this.thread, size);
      this.ticks = Arrays.copyOf(this.ticks, size);
      this.stack = Arrays.copyOf(this.stack, size);
      this.label = Arrays.copyOf(this.label, size);
      this.first = Arrays.copyOf(this.first, size);
      this.second = Arrays.copyOf(this.second, size);
    }
    this.kind[count] = (byte) kind;
    this.thread[count] = thread;
    this.ticks[count] = ticks;
    this.stack[count] = stack;
    this.label[count] = label;
    this.first[count] = first;
    this.second[count++] = second;
  }
}
