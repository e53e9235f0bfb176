package io.sonde.exporters.otlp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads single fields of a protobuf message; what is no protobuf has none. */
final class Fields {
  private final byte[] bytes;
  private int at;
  private long value;

  Fields(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A number, 0 where it is absent. */
  long number(int field) {
    return find(field, 0) ? value : 0;
  }

  /** A nested message or text. */
  byte @Nullable [] bytes(int field) {
    return find(field, 2) ? Arrays.copyOfRange(bytes, at - (int) value, at) : null;
  }

  @Nullable String text(int field) {
    byte[] found = bytes(field);
    return found == null ? null : new String(found, StandardCharsets.UTF_8);
  }

  /** A number with a fraction, 0 where it is absent. */
  double real(int field) {
    return find(field, 1) ? Double.longBitsToDouble(value) : 0;
  }

  /** The first nested messages or texts of a repeated field, so many at most. */
  List<byte[]> all(int field, int most) {
    List<byte[]> all = new ArrayList<>();
    at = 0;
    while (all.size() < most && next(field, 2)) {
      all.add(Arrays.copyOfRange(bytes, at - (int) value, at));
    }
    return all;
  }

  private boolean find(int field, int type) {
    at = 0;
    return next(field, type);
  }

  private boolean next(int field, int type) {
    while (at < bytes.length) {
      long tag = varint();
      if (at < 0 || !skip((int) tag & 7) || tag >>> 3 == 0) {
        return false;
      }
      if (tag == (field << 3 | type)) {
        return true;
      }
    }
    return false;
  }

  /** Goes behind the value; false where there is no such value. */
  private boolean skip(int type) {
    switch (type) {
      case 0:
        value = varint();
        return at >= 0;
      case 1:
        value = 0;
        for (int i = 0; i < 8 && at + i < bytes.length; i++) {
          value |= (bytes[at + i] & 0xFFL) << 8 * i;
        }
        at += 8;
        break;
      case 2:
        value = varint();
        if (at < 0 || value < 0 || value > bytes.length - at) {
          return false;
        }
        at += (int) value;
        break;
      case 5:
        at += 4;
        break;
      default:
        return false;
    }
    return at <= bytes.length;
  }

  /** A negative position is the sign that it ended early. */
  private long varint() {
    long result = 0;
    for (int shift = 0; shift < 64 && at < bytes.length; shift += 7) {
      byte b = bytes[at++];
      result |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return result;
      }
    }
    at = -1;
    return 0;
  }
}
