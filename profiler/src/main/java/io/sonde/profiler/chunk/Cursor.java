package io.sonde.profiler.chunk;

import java.nio.charset.StandardCharsets;

/** Reads the numbers and texts of a recording, in order. */
final class Cursor {
  private final byte[] bytes;
  int at;

  Cursor(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte one() {
    return bytes[at++];
  }

  /** Seven bits a byte, the lowest first; a ninth byte has eight. */
  long number() {
    long result = 0;
    for (int shift = 0; shift < 56; shift += 7) {
      byte next = bytes[at++];
      result |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return result;
      }
    }
    return result | (bytes[at++] & 0xFFL) << 56;
  }

  int count() {
    long count = number();
    if (count < 0 || count > bytes.length) {
      throw new IllegalArgumentException("not a recording: " + count + " of something");
    }
    return (int) count;
  }

  /** Eight bytes, the highest first. */
  long fixed() {
    long result = 0;
    for (int i = 0; i < 8; i++) {
      result = result << 8 | bytes[at++] & 0xFF;
    }
    return result;
  }

  void skipText() {
    byte coding = bytes[at++];
    switch (coding) {
      case 0:
      case 1:
        return;
      case 2: // in a pool
        number();
        return;
      case 3:
      case 5:
        int length = count();
        at += length;
        return;
      case 4:
        for (int left = count(); left > 0; left--) {
          number();
        }
        return;
      default:
        throw new IllegalArgumentException("not a recording: text of kind " + coding);
    }
  }

  String text() {
    byte coding = bytes[at++];
    switch (coding) {
      case 0:
      case 1:
        return "";
      case 3:
      case 5:
        int length = count();
        at += length;
        return new String(
            bytes,
            at - length,
            length,
            coding == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
      case 4:
        return characters();
      default:
        throw new IllegalArgumentException("not a recording: text of kind " + coding);
    }
  }

  private String characters() {
    char[] all = new char[count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = (char) number();
    }
    return new String(all);
  }
}
