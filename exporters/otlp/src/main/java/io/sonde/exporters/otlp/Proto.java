package io.sonde.exporters.otlp;

import java.util.Arrays;

/**
 * Writes protobuf into one growing buffer that is used again and again; one thread at a time.
 *
 * <p>A nested message is opened with one byte for its length and, when it is closed and turns out
 * longer than 127 bytes, moved along by what the length needs: one pass and a short copy instead of
 * two passes.
 */
final class Proto {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private byte[] bytes;
  private int size;

  Proto(int capacity) {
    bytes = new byte[capacity];
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Forgets what was written behind this position. */
  void truncate(int to) {
    size = to;
  }

  /** Forgets everything, and the buffer too where it grew beyond {@code keep}. */
  void clear(int keep) {
    size = 0;
    if (bytes.length > keep) {
      bytes = new byte[keep];
    }
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  void varint(long value) {
    room(10);
    while ((value & ~0x7FL) != 0) {
      bytes[size++] = (byte) (value & 0x7F | 0x80);
      value >>>= 7;
    }
    bytes[size++] = (byte) value;
  }

  private void tag(int field, int type) {
    varint(field << 3 | type);
  }

  void number(int field, long value) {
    tag(field, VARINT);
    varint(value);
  }

  void bool(int field, boolean value) {
    number(field, value ? 1 : 0);
  }

  void fixed64(int field, long value) {
    tag(field, FIXED64);
    littleEndian(value, 8);
  }

  void fixed32(int field, int value) {
    tag(field, FIXED32);
    littleEndian(value, 4);
  }

  private void littleEndian(long value, int count) {
    room(count);
    for (int i = 0; i < count; i++) {
      bytes[size++] = (byte) (value >>> 8 * i);
    }
  }

  /** 8 bytes, the highest first. */
  void id(int field, long value) {
    tag(field, BYTES);
    varint(8);
    bigEndian(value);
  }

  /** 16 bytes, the highest first. */
  void id(int field, long hi, long lo) {
    tag(field, BYTES);
    varint(16);
    bigEndian(hi);
    bigEndian(lo);
  }

  private void bigEndian(long value) {
    room(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void raw(byte[] more, int length) {
    room(length);
    System.arraycopy(more, 0, bytes, size, length);
    size += length;
  }

  /** The tag and length of a nested message that is written elsewhere. */
  void header(int field, int length) {
    tag(field, BYTES);
    varint(length);
  }

  /** Begins a nested message; {@link #close} takes what this returns. */
  int open(int field) {
    tag(field, BYTES);
    room(1);
    return ++size;
  }

  /** Ends the nested message whose content began at {@code start}. */
  void close(int start) {
    int length = size - start;
    int extra = varintSize(length) - 1;
    if (extra > 0) {
      room(extra);
      System.arraycopy(bytes, start, bytes, start + extra, length);
    }
    size = start - 1;
    varint(length);
    size += length;
  }

  private static int varintSize(int value) {
    return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5;
  }

  void text(int field, String text) {
    int length = text.length();
    int utf8 = utf8Length(text);
    tag(field, BYTES);
    varint(utf8);
    room(utf8);
    if (utf8 == length) {
      ascii(text, length);
    } else {
      utf8(text, length);
    }
  }

  // The one way that copies without allocating; its flaw, that it drops the upper byte, is none for
  // ASCII.
  @SuppressWarnings("deprecation")
  private void ascii(String text, int length) {
    text.getBytes(0, length, bytes, size);
    size += length;
  }

  private static int utf8Length(String text) {
    int chars = text.length();
    int bytes = chars;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        if (c < 0x800) {
          bytes += 1;
        } else if (!Character.isSurrogate(c)) {
          bytes += 2;
        } else if (pairAt(text, i, chars)) {
          bytes += 2;
          i++;
        }
      }
    }
    return bytes;
  }

  private static boolean pairAt(String text, int i, int chars) {
    return i + 1 < chars && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
  }

  /** Half a surrogate pair is no text and becomes a question mark, as in String.getBytes. */
  private void utf8(String text, int chars) {
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else if (c < 0x800) {
        bytes[size++] = (byte) (0xC0 | c >> 6);
        bytes[size++] = (byte) (0x80 | c & 0x3F);
      } else if (!Character.isSurrogate(c)) {
        bytes[size++] = (byte) (0xE0 | c >> 12);
        bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | c & 0x3F);
      } else if (pairAt(text, i, chars)) {
        int point = Character.toCodePoint(c, text.charAt(++i));
        bytes[size++] = (byte) (0xF0 | point >> 18);
        bytes[size++] = (byte) (0x80 | point >> 12 & 0x3F);
        bytes[size++] = (byte) (0x80 | point >> 6 & 0x3F);
        bytes[size++] = (byte) (0x80 | point & 0x3F);
      } else {
        bytes[size++] = '?';
      }
    }
  }
}
