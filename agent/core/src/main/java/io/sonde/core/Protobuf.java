package io.sonde.core;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Protobuf written into one array that is used again.
 *
 * <p>A message inside another one is written behind room for its length, which is put right at its
 * end: nothing is measured before it is written, so what changes meanwhile does no harm.
 */
public final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private static final int FIRST = 16 * 1024;

  /** Okio takes over all that it is given at once before it passes any of it on. */
  private static final int PIECE = 8 * 1024;

  /** Bytes that are kept free for a length; most messages have 128 to 16,383. */
  private static final int ROOM = 2;

  private final int kept;
  private byte[] bytes = new byte[FIRST];
  private int size;

  /** An array that grew beyond {@code kept} bytes is let go at the next {@link #clear}. */
  public Protobuf(int kept) {
    this.kept = kept;
  }

  /** How many bytes were written. */
  public int size() {
    return size;
  }

  /** Begins anew. */
  public void clear() {
    size = 0;
    if (bytes.length > kept) {
      bytes = new byte[FIRST];
    }
  }

  /** Forgets what was written after {@link #size()} was {@code earlier}. */
  public void truncate(int earlier) {
    size = earlier;
  }

  /** The bytes written so far; more may stand behind {@link #size()}, and it may be replaced. */
  public byte[] array() {
    return bytes;
  }

  /** Appends what was written to {@code other}. */
  public void append(Protobuf other) {
    room(other.size);
    System.arraycopy(other.bytes, 0, bytes, size, other.size);
    size += other.size;
  }

  /** Appends bytes as they are: fields that were written already. */
  public void bytes(byte[] fields) {
    room(fields.length);
    System.arraycopy(fields, 0, bytes, size, fields.length);
    size += fields.length;
  }

  /** Writes all of it, in pieces. */
  public void writeTo(OutputStream out) throws IOException {
    for (int at = 0; at < size; at += PIECE) {
      out.write(bytes, at, Math.min(PIECE, size - at));
    }
  }

  private void tag(int field, int type) {
    varint(field << 3 | type);
  }

  /** Begins a message or a text; give what is returned to {@link #end}. */
  public int begin(int field) {
    tag(field, LENGTH);
    room(ROOM);
    size += ROOM;
    return size;
  }

  /** Ends the message or text that began there. */
  public void end(int begun) {
    int length = size - begun;
    int needed = varintSize(length);
    if (needed != ROOM) {
      room(needed);
      System.arraycopy(bytes, begun, bytes, begun - ROOM + needed, length);
    }
    size = begun - ROOM;
    varint(length);
    size += length;
  }

  /** A varint, as int32, int64, uint32, uint64, bool and enums are. */
  public void number(int field, long value) {
    tag(field, VARINT);
    varint(value);
  }

  /** A fixed64; a double is its bits. */
  public void fixed64(int field, long value) {
    tag(field, FIXED64);
    big(Long.reverseBytes(value));
  }

  /** A double, also where it is zero. */
  public void real(int field, double value) {
    fixed64(field, Double.doubleToRawLongBits(value));
  }

  /** A sint32 or sint64. */
  public void signed(int field, long value) {
    number(field, value << 1 ^ value >> 63);
  }

  /** A fixed32. */
  public void fixed32(int field, int value) {
    tag(field, FIXED32);
    room(4);
    for (int i = 0; i < 4; i++) {
      bytes[size++] = (byte) (value >>> 8 * i);
    }
  }

  /** A span's id. */
  public void id(int field, long id) {
    tag(field, LENGTH);
    varint(8);
    big(id);
  }

  /** A trace's id. */
  public void id(int field, long hi, long lo) {
    tag(field, LENGTH);
    varint(16);
    big(hi);
    big(lo);
  }

  private void big(long value) {
    room(8);
    for (int i = 56; i >= 0; i -= 8) {
      bytes[size++] = (byte) (value >>> i);
    }
  }

  /** A text. */
  public void text(int field, String text) {
    tag(field, LENGTH);
    int measured = utf8Size(text);
    varint(Math.abs(measured));
    utf8(text, measured);
  }

  /** The next piece of a text that was begun. */
  public void text(String piece) {
    utf8(piece, utf8Size(piece));
  }

  @SuppressWarnings("deprecation") // the one way that copies ASCII into an array that is there
  private void utf8(String text, int measured) {
    room(Math.abs(measured));
    if (measured >= 0) {
      text.getBytes(0, measured, bytes, size);
      size += measured;
      return;
    }
    for (int i = 0; i < text.length(); i++) {
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
      } else if (pair(text, i)) {
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

  /**
   * How many bytes {@link #utf8} will write, below zero where they are not all ASCII; half a
   * character of two becomes a question mark.
   */
  private static int utf8Size(String text) {
    int size = text.length();
    boolean ascii = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        ascii = false;
        if (c < 0x800) {
          size++;
        } else if (!Character.isSurrogate(c)) {
          size += 2;
        } else if (pair(text, i)) {
          size += 2;
          i++;
        }
      }
    }
    return ascii ? size : -size;
  }

  private static boolean pair(String text, int at) {
    return at + 1 < text.length()
        && Character.isSurrogatePair(text.charAt(at), text.charAt(at + 1));
  }

  /** A varint alone, as packed fields and lengths are made of. */
  public void varint(long value) {
    room(10);
    while ((value & ~0x7FL) != 0) {
      bytes[size++] = (byte) (value & 0x7F | 0x80);
      value >>>= 7;
    }
    bytes[size++] = (byte) value;
  }

  private static int varintSize(int value) {
    return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
