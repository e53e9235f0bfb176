package io.sonde.core;

/** Hexadecimal text of ids, lower case. */
public final class Hex {
  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  private Hex() {}

  static char digit(int value) {
    return DIGITS[value];
  }

  /** Writes 16 digits at {@code at}. */
  public static void put(long value, char[] chars, int at) {
    for (int i = 15; i >= 0; i--) {
      chars[at + i] = DIGITS[(int) value & 15];
      value >>>= 4;
    }
  }

  /** 16 digits. */
  public static String of(long value) {
    char[] chars = new char[16];
    put(value, chars, 0);
    return new String(chars);
  }

  /** 32 digits. */
  public static String of(long hi, long lo) {
    char[] chars = new char[32];
    put(hi, chars, 0);
    put(lo, chars, 16);
    return new String(chars);
  }

  /** Whether text[from, to) is nothing but hexadecimal digits, and not empty. */
  static boolean valid(String text, int from, int to, boolean upperCaseToo) {
    if (from >= to || to > text.length()) {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || upperCaseToo && c >= 'A' && c <= 'F')) {
        return false;
      }
    }
    return true;
  }

  /** The value of text[from, to), which is valid; of more than 16 digits the last 16 count. */
  static long parse(String text, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 4 | Character.digit(text.charAt(i), 16);
    }
    return value;
  }
}
