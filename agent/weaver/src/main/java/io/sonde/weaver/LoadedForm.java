package io.sonde.weaver;

import java.nio.charset.StandardCharsets;

/**
 * The checksum of a class file that the same class has once it is loaded.
 *
 * <p>Of a loaded class the JVM shows a class file that it makes anew: code and tables are what they
 * were, but methods come in the order in which their names happen to be in memory, attributes in an
 * order of the JVM's own, those that it does not need are gone, and behind the constants there may
 * be some of its own. So this adds up the sums of the parts, and leaves out what may be gone or
 * new.
 */
final class LoadedForm {
  private static final byte[] CODE = name("Code");

  private static final byte[][] GONE = {
    name("Deprecated"),
    name("Synthetic"),
    name("RuntimeInvisibleAnnotations"),
    name("RuntimeInvisibleParameterAnnotations"),
    name("RuntimeInvisibleTypeAnnotations")
  };

  /** What a part's sum is multiplied with, so that no part can be another's. */
  private static final int FIELD = 3;

  private static final int METHOD = 5;
  private static final int ATTRIBUTE = 7;
  private static final int IN_CODE = 11;

  private final byte[] bytes;
  private final int[] constants;
  private int at = 10;

  private LoadedForm(byte[] bytes) {
    this.bytes = bytes;
    constants = new int[constants(bytes)];
  }

  /** The number of the class file's constants, the first one counted that there is not. */
  static int constants(byte[] bytes) {
    return u2(bytes, 8);
  }

  /** The sum with so many of the constants, which must be there. */
  static long sum(byte[] bytes, int constants) {
    return new LoadedForm(bytes).sum(constants);
  }

  private static byte[] name(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  private long sum(int counted) {
    int behind = at;
    for (int i = 1; i < constants.length; i++) {
      constants[i] = at;
      int tag = bytes[at];
      if (tag == 5 || tag == 6) {
        i++; // A long or a double takes two places.
      }
      at += ClassFile.size(bytes, at, tag);
      if (i < counted) {
        behind = at;
      }
    }
    int head = at;
    at += 6;
    at += 2 + 2 * u2(at);
    return Sums.of(bytes, 0, 8)
        + Sums.of(bytes, 10, behind)
        + mixed(Sums.of(bytes, head, at))
        + members(FIELD)
        + members(METHOD)
        + attributes();
  }

  private long members(int kind) {
    long sum = 0;
    int count = u2(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      int member = at;
      at += 6;
      sum += kind * mixed(Sums.of(bytes, member, at) + ATTRIBUTE * attributes());
    }
    return sum;
  }

  private long attributes() {
    long sum = 0;
    int count = u2(at);
    at += 2;
    for (int i = 0; i < count; i++) {
      int from = at;
      int end = at + 6 + (u2(at + 2) << 16 | u2(at + 4));
      if (is(CODE, u2(from))) {
        at += 10;
        at += 4 + (u2(at) << 16 | u2(at + 2));
        at += 2 + 8 * u2(at);
        // Not its length, which what is gone belongs to.
        sum += mixed(Sums.of(bytes, from + 6, at) + IN_CODE * attributes());
      } else if (!isGone(u2(from))) {
        sum += mixed(Sums.of(bytes, from, end));
      }
      at = end;
    }
    return sum;
  }

  /** Another number for each, so that what is added up does not depend on how it is grouped. */
  private static long mixed(long sum) {
    long mixed = sum * 0x9e3779b97f4a7c15L;
    return mixed ^ mixed >>> 29;
  }

  private boolean isGone(int constant) {
    for (byte[] name : GONE) {
      if (is(name, constant)) {
        return true;
      }
    }
    return false;
  }

  private boolean is(byte[] name, int constant) {
    int text = constants[constant];
    if (u2(text + 1) != name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (bytes[text + 3 + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private int u2(int at) {
    return u2(bytes, at);
  }

  private static int u2(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }
}
