package io.sonde.libraries.jdbc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The procedures that one message of TDS calls, with their parameters. */
final class TdsCalls {
  /** One call; a procedure of SQL Server's own has a number and no name. */
  record Call(String name, int number, List<Object> parameters) {}

  private final ByteBuffer in;

  private TdsCalls(ByteBuffer in) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  static List<Call> of(ByteBuffer message) {
    TdsCalls calls = new TdsCalls(message);
    List<Call> all = new ArrayList<>();
    while (calls.in.hasRemaining()) {
      all.add(calls.call());
    }
    return all;
  }

  private Call call() {
    int length = u2();
    String name = length == 0xFFFF ? "" : text(2 * length);
    int number = length == 0xFFFF ? u2() : 0;
    u2();
    List<Object> parameters = new ArrayList<>();
    // What is no length of a parameter's name is between two calls.
    while (in.hasRemaining() && u1(in.position()) < 0x80) {
      parameters.add(parameter());
    }
    if (in.hasRemaining()) {
      u1();
    }
    return new Call(name, number, parameters);
  }

  private Object parameter() {
    text(2 * u1());
    u1();
    int type = u1();
    switch (type) {
      case 0x26: // INTN
        u1();
        return number(u1());
      case 0x38: // INT4
        return in.getInt();
      case 0xE7: // NVARCHAR
      case 0xA7: // VARCHAR
        int most = u2();
        skip(5);
        String text = most == 0xFFFF ? chunks() : text(length(u2()));
        return text;
      case 0x63: // NTEXT
        in.getInt();
        skip(5);
        return text(Math.max(0, in.getInt()));
      default:
        throw new IllegalStateException("a parameter of type " + Integer.toHexString(type));
    }
  }

  private static int length(int given) {
    return given == 0xFFFF ? 0 : given;
  }

  private Object number(int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) u1() << 8 * i;
    }
    return (int) value;
  }

  private String chunks() {
    in.getLong();
    StringBuilder all = new StringBuilder();
    for (int length = in.getInt(); length > 0; length = in.getInt()) {
      all.append(text(length));
    }
    return all.toString();
  }

  private String text(int bytes) {
    byte[] text = new byte[bytes];
    in.get(text);
    return new String(text, StandardCharsets.UTF_16LE);
  }

  private void skip(int bytes) {
    in.position(in.position() + bytes);
  }

  private int u1() {
    return in.get() & 0xFF;
  }

  private int u1(int at) {
    return in.get(at) & 0xFF;
  }

  private int u2() {
    return in.getShort() & 0xFFFF;
  }
}
