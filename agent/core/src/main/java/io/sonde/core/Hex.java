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
    byte[] digits = new byte[16];
    put(value, digits, 0);
    return text(digits);
  }

  /** 32 digits. */
  public static String of(long hi, long lo) {
    byte[] digits = new byte[32];
    put(hi, digits, 0);
    put(lo, digits, 16);
    return text(digits);
  }

  private static void put(long value, byte[] digits, int at) {
    for (int i = 15; i >= 0; i--) {
      digits[at + i] = (byte) DIGITS[(int) value & 15];
      value >>>= 4;
    }
  }

  /**
   * From JDK 9 on this constructor copies the bytes; those that decode make more arrays of them.
   */
  @SuppressWarnings("deprecation")
  private static String text(byte[] digits) {
    return new String(digits, 0);
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
