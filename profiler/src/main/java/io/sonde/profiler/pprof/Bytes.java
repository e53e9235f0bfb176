package io.sonde.profiler.pprof;

import java.util.Arrays;

/** Writes protobuf fields into a buffer that grows. */
public final class Bytes {
  private byte[] bytes;
  private int size;

  /** An empty buffer. */
  public Bytes(int capacity) {
    bytes = new byte[capacity];
  }

  byte[] array() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** What was written. */
  public byte[] copy() {
    return Arrays.copyOf(bytes, size);
  }

  /** Starts anew. */
  public void clear() {
    size = 0;
  }

  /** A field of a whole number; zero is the default and left out. */
  public void number(int field, long value) {
    if (value != 0) {
      varint((long) field << 3);
      varint(value);
    }
  }

  /** A field of a message or of packed numbers. */
  public void bytes(int field, Bytes content) {
    bytes(field, content.bytes, content.size);
  }

  /** A field of the first bytes of {@code content}. */
  public void bytes(int field, byte[] content, int length) {
    varint((long) field << 3 | 2);
    varint(length);
    room(length);
    System.arraycopy(content, 0, bytes, size, length);
    size += length;
  }

  /** A field of text, empty text included. */
  public void text(int field, String text) {
    varint((long) field << 3 | 2);
    varint(length(text));
    room(text.length() * 3);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else if (c < 0x800) {
        bytes[size++] = (byte) (0xC0 | c >> 6);
        bytes[size++] = (byte) (0x80 | c & 0x3F);
      } else if (!Character.isSurrogate(c)) {
        three(c);
      } else if (paired(text, i)) {
        four(Character.toCodePoint(c, text.charAt(++i)));
      } else {
        bytes[size++] = '?';
      }
    }
  }

  /** A class file may name things by half a character, which UTF-8 cannot say. */
  private static boolean paired(String text, int at) {
    return Character.isHighSurrogate(text.charAt(at))
        && at + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(at + 1));
  }

  private static int length(String text) {
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        length += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      } else if (paired(text, i)) {
        length += 4;
        i++;
      } else {
        length++;
      }
    }
    return length;
  }

  private void three(int c) {
    bytes[size++] = (byte) (0xE0 | c >> 12);
    bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
    bytes[size++] = (byte) (0x80 | c & 0x3F);
  }

  private void four(int c) {
    bytes[size++] = (byte) (0xF0 | c >> 18);
    bytes[size++] = (byte) (0x80 | c >> 12 & 0x3F);
    bytes[size++] = (byte) (0x80 | c >> 6 & 0x3F);
    bytes[size++] = (byte) (0x80 | c & 0x3F);
  }

  /** A bare number, for packed fields. */
  public void varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
