package io.sonde.exporters.otlp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

  private boolean find(int field, int type) {
    at = 0;
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
