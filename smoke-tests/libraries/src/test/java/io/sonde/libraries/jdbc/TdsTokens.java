package io.sonde.libraries.jdbc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * What SQL Server answers, as TDS tokens; numbers are little-endian, and shorter before TDS 7.2.
 */
final class TdsTokens {
  static final int DONE = 0xFD;
  static final int DONE_OF_PROCEDURE = 0xFE;
  static final int DONE_IN_PROCEDURE = 0xFF;
  private static final int MORE = 0x01;
  private static final int FAILED = 0x02;
  private static final int COUNTED = 0x10;

  /** SQL_Latin1_General_CP1_CI_AS. */
  private static final byte[] COLLATION = {0x09, 0x04, (byte) 0xD0, 0x00, 0x34};

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final boolean modern;

  TdsTokens(boolean modern) {
    this.modern = modern;
  }

  byte[] bytes() {
    return out.toByteArray();
  }

  /** Whoever logged in is welcome, with the version of the protocol that it asked for. */
  TdsTokens loginAccepted(int version, String database) {
    u1(0xE3).u2(3 + 2 * database.length()).u1(1).u1(database.length()).text(database).u1(0);
    u1(0xE3).u2(8).u1(7).u1(5);
    out.writeBytes(COLLATION);
    u1(0);
    String name = "Microsoft SQL Server";
    u1(0xAD).u2(1 + 4 + 1 + 2 * name.length() + 4);
    u1(1).u1(version >>> 24).u1(version >>> 16).u1(version >>> 8).u1(version);
    u1(name.length()).text(name);
    return u1(16).u1(0).u1(0).u1(0);
  }

  /** One row of one column of text. */
  TdsTokens row(String column, String value) {
    columns(column).u1(0xE7).u2(100);
    out.writeBytes(COLLATION);
    u1(column.length()).text(column);
    return u1(0xD1).u2(2 * value.length()).text(value);
  }

  /** One row of one column of numbers. */
  TdsTokens row(String column, int value) {
    columns(column).u1(0x26).u1(4).u1(column.length()).text(column);
    return u1(0xD1).u1(4).u4(value);
  }

  private TdsTokens columns(String column) {
    return u1(0x81).u2(1).long2(0).u2(column.isEmpty() ? 0 : 1);
  }

  TdsTokens failure(int number, String message) {
    int lineNumber = modern ? 4 : 2;
    u1(0xAA).u2(4 + 1 + 1 + 2 + 2 * message.length() + 1 + 1 + lineNumber);
    u4(number).u1(1).u1(16).u2(message.length()).text(message);
    return u1(0).u1(0).long2(1);
  }

  /** A statement is done; a command of 0 has no count. */
  TdsTokens done(int token, int command, int rows, boolean failed, boolean more) {
    int status = (failed ? FAILED : command == 0 ? 0 : COUNTED) | (more ? MORE : 0);
    u1(token).u2(status).u2(command).u4(rows);
    return modern ? u4(0) : this;
  }

  /** What a procedure returned. */
  TdsTokens returned(int status) {
    return u1(0x79).u4(status);
  }

  /** The handle of a prepared statement, which is the first parameter of who prepares it. */
  TdsTokens handle(int handle) {
    return u1(0xAC).u2(0).u1(0).u1(1).long2(0).u2(0).u1(0x26).u1(4).u1(4).u4(handle);
  }

  private TdsTokens u1(int value) {
    out.write(value);
    return this;
  }

  private TdsTokens u2(int value) {
    return u1(value).u1(value >>> 8);
  }

  private TdsTokens u4(int value) {
    return u2(value).u2(value >>> 16);
  }

  /** Two bytes before TDS 7.2 and four since. */
  private TdsTokens long2(int value) {
    return modern ? u4(value) : u2(value);
  }

  private TdsTokens text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_16LE));
    return this;
  }
}
