package io.sonde.overhead;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The fields of a protobuf message that are messages or bytes themselves. */
final class Fields {
  private final byte[] message;
  private int at;

  private Fields(byte[] message) {
    this.message = message;
  }

  /** All values of the field of that number, in order. */
  static List<byte[]> of(byte[] message, int number) throws IOException {
    Fields fields = new Fields(message);
    List<byte[]> found = new ArrayList<>();
    while (fields.at < message.length) {
      long tag = fields.varint();
      switch ((int) tag & 7) {
        case 0 -> fields.varint();
        case 1 -> fields.at += 8;
        case 5 -> fields.at += 4;
        case 2 -> {
          int length = (int) fields.varint();
          if (length < 0 || length > message.length - fields.at) {
            throw new IOException("not protobuf");
          }
          if (tag >>> 3 == number) {
            found.add(Arrays.copyOfRange(message, fields.at, fields.at + length));
          }
          fields.at += length;
        }
        default -> throw new IOException("not protobuf");
      }
    }
    return found;
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64 && at < message.length; shift += 7) {
      byte next = message[at++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("not protobuf");
  }
}
