package io.sonde.exporters.prometheus.write;

import java.util.Arrays;

/**
 * Compresses into Snappy's block format, which remote write prescribes.
 *
 * <p>A greedy search for what came before, through a table of the last place of each four bytes;
 * where nothing is found for long it looks less often. One at a time.
 */
final class Snappy {
  /** A copy reaches back 64 KiB at most, so nothing is looked for across this border. */
  private static final int BLOCK = 1 << 16;

  private static final int TABLE_BITS = 14;
  private static final int LEAST = 4;
  private static final int LONGEST_COPY = 64;

  private final int[] table = new int[1 << TABLE_BITS];
  private byte[] in = {};
  private byte[] out = {};
  private int at;

  /** The first {@code length} bytes, compressed. */
  byte[] compress(byte[] from, int length) {
    in = from;
    out = new byte[32 + length + length / 6];
    at = 0;
    Arrays.fill(table, -1);
    for (int rest = length; ; rest >>>= 7) {
      if (rest < 0x80) {
        out[at++] = (byte) rest;
        break;
      }
      out[at++] = (byte) (rest | 0x80);
    }
    for (int begin = 0; begin < length; begin += BLOCK) {
      block(begin, Math.min(length, begin + BLOCK));
    }
    byte[] compressed = Arrays.copyOf(out, at);
    in = out = new byte[0];
    return compressed;
  }

  private void block(int begin, int end) {
    int unwritten = begin;
    int misses = 0;
    for (int i = begin; i + LEAST <= end; ) {
      int word = word(i);
      int slot = word * 0x1E35A7BD >>> 32 - TABLE_BITS;
      int before = table[slot];
      table[slot] = i;
      if (before < begin || word(before) != word) {
        i += 1 + (misses++ >> 5);
        continue;
      }
      int length = LEAST;
      while (i + length < end && in[before + length] == in[i + length]) {
        length++;
      }
      literal(unwritten, i);
      copy(i - before, length);
      i += length;
      unwritten = i;
      misses = 0;
    }
    literal(unwritten, end);
  }

  private int word(int i) {
    return in[i] & 0xFF | (in[i + 1] & 0xFF) << 8 | (in[i + 2] & 0xFF) << 16 | in[i + 3] << 24;
  }

  private void literal(int from, int to) {
    int length = to - from;
    if (length == 0) {
      return;
    }
    if (length <= 60) {
      out[at++] = (byte) (length - 1 << 2);
    } else {
      boolean wide = length > 256;
      out[at++] = (byte) ((wide ? 61 : 60) << 2);
      out[at++] = (byte) (length - 1);
      if (wide) {
        out[at++] = (byte) (length - 1 >> 8);
      }
    }
    System.arraycopy(in, from, out, at, length);
    at += length;
  }

  private void copy(int back, int length) {
    int left = length;
    while (left > 0) {
      int now = Math.min(left, LONGEST_COPY);
      if (now >= LEAST && now < 12 && back < 2048) {
        out[at++] = (byte) (now - 4 << 2 | back >> 8 << 5 | 1);
        out[at++] = (byte) back;
      } else {
        out[at++] = (byte) (now - 1 << 2 | 2);
        out[at++] = (byte) back;
        out[at++] = (byte) (back >> 8);
      }
      left -= now;
    }
  }
}
