package io.sonde.exporters.prometheus;

import io.sonde.core.Protobuf;
import io.sonde.core.metrics.Exponential;

/** Writes the buckets of a native histogram: where they are, and how they differ from the last. */
public final class NativeBuckets {
  /** So many empty buckets in a row are written, as another span would take as much. */
  private static final int BRIDGED = 2;

  private NativeBuckets() {}

  /** Writes them into a message that has spans and deltas in these fields. */
  public static void write(Protobuf out, Exponential of, int spans, int deltas) {
    long[] counts = of.counts;
    int number = 0;
    for (int begin = next(counts, 0); begin < counts.length; ) {
      int end = end(counts, begin);
      int span = out.begin(spans);
      // The first offset is the bucket's number, the others are gaps.
      out.signed(1, of.first + begin - number);
      out.number(2, end - begin);
      out.end(span);
      number = of.first + end;
      begin = next(counts, end);
    }
    int packed = out.begin(deltas);
    long last = 0;
    for (int begin = next(counts, 0); begin < counts.length; ) {
      int end = end(counts, begin);
      for (int i = begin; i < end; i++) {
        long delta = counts[i] - last;
        last = counts[i];
        out.varint(delta << 1 ^ delta >> 63);
      }
      begin = next(counts, end);
    }
    out.end(packed);
  }

  private static int next(long[] counts, int from) {
    int i = from;
    while (i < counts.length && counts[i] == 0) {
      i++;
    }
    return i;
  }

  /** Behind the last bucket of the span that begins there. */
  private static int end(long[] counts, int begin) {
    int end = begin + 1;
    for (int i = end; i < counts.length && i - end <= BRIDGED; i++) {
      if (counts[i] > 0) {
        end = i + 1;
      }
    }
    return end;
  }
}
