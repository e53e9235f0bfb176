package io.sonde.weaver;

import java.util.zip.Adler32;
import java.util.zip.CRC32;

/**
 * Checksums, two of native code in one: they tell versions of a class apart. Whoever would forge
 * one may write the class itself.
 */
final class Sums {
  private Sums() {}

  static long of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  private static long of(byte[] bytes, int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, to - from);
    Adler32 adler = new Adler32();
    adler.update(bytes, from, to - from);
    return crc.getValue() << 32 | adler.getValue();
  }

  /**
   * The same for a class with its methods in any order. The JVM keeps them by where their names are
   * in memory, and shows a loaded class's so.
   */
  static long ofLoaded(byte[] bytes) {
    int at = 10;
    int constants = u2(bytes, 8);
    for (int i = 1; i < constants; i++) {
      int tag = bytes[at];
      if (tag == 5 || tag == 6) {
        i++; // A long or a double takes two places.
      }
      at += ClassFile.size(bytes, at, tag);
    }
    at += 6;
    at += 2 + 2 * u2(bytes, at);
    int fields = u2(bytes, at);
    at += 2;
    for (int i = 0; i < fields; i++) {
      at = memberEnd(bytes, at);
    }
    int methods = u2(bytes, at);
    at += 2;
    long sum = of(bytes, 0, at);
    for (int i = 0; i < methods; i++) {
      int end = memberEnd(bytes, at);
      sum += of(bytes, at, end);
      at = end;
    }
    return 31 * sum + of(bytes, at, bytes.length);
  }

  private static int memberEnd(byte[] bytes, int member) {
    int at = member + 8;
    for (int i = u2(bytes, member + 6); i > 0; i--) {
      at += 6 + (u2(bytes, at + 2) << 16 | u2(bytes, at + 4));
    }
    return at;
  }

  private static int u2(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }
}
