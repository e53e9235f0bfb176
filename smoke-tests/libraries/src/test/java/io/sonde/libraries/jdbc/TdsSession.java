package io.sonde.libraries.jdbc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One connection to {@link TdsServer}.
 *
 * <p>Takes a statement for what its first word says: an insert fails where its number is there
 * already, a select has one row, and nothing else has a result.
 */
final class TdsSession {
  private static final int BATCH = 0x01;
  private static final int CALL = 0x03;
  private static final int ANSWER = 0x04;
  private static final int LOGIN = 0x10;
  private static final int PRELOGIN = 0x12;

  private static final int SELECT = 193;
  private static final int INSERT = 195;
  private static final int DELETE = 196;
  private static final int UPDATE = 197;

  /** Its version, and that it does not encrypt. */
  private static final byte[] NOT_ENCRYPTED = {
    0, 0, 11, 0, 6, 1, 0, 17, 0, 1, (byte) 0xFF, 16, 0, 0, 0, 0, 0, 2
  };

  /** Where one statement ends and the next begins. */
  private static final Pattern BETWEEN =
      Pattern.compile("(?i);|(?=\\b(?:INSERT INTO|UPDATE|DELETE FROM|SELECT|CREATE|DROP|SET)\\b)");

  private static final Pattern NUMBER = Pattern.compile("(?i)VALUES \\((\\d+)");

  private final DataInputStream in;
  private final OutputStream out;
  private final Map<Integer, String> prepared = new HashMap<>();
  private final Set<Integer> numbers = new HashSet<>();
  private int type;
  private boolean modern;
  private TdsTokens answer = new TdsTokens(true);

  TdsSession(Socket client) throws IOException {
    in = new DataInputStream(client.getInputStream());
    out = client.getOutputStream();
  }

  void run() throws IOException {
    while (true) {
      ByteBuffer message = message();
      answer = new TdsTokens(modern);
      switch (type) {
        case PRELOGIN:
          send(NOT_ENCRYPTED);
          continue;
        case LOGIN:
          login(message);
          break;
        case BATCH:
          batch(StandardCharsets.UTF_16LE.decode(withoutHeaders(message)).toString());
          break;
        case CALL:
          calls(TdsCalls.of(withoutHeaders(message)));
          break;
        default:
          answer.done(TdsTokens.DONE, 0, 0, false, false);
      }
      send(answer.bytes());
    }
  }

  /** The next message, of one packet or several. */
  private ByteBuffer message() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    boolean last = false;
    while (!last) {
      type = in.readUnsignedByte();
      last = (in.readUnsignedByte() & 1) != 0;
      int length = in.readUnsignedShort() - 8;
      in.readInt();
      whole.writeBytes(in.readNBytes(length));
    }
    return ByteBuffer.wrap(whole.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Since TDS 7.2 there is something about transactions before each request. */
  private ByteBuffer withoutHeaders(ByteBuffer message) {
    if (modern) {
      message.position(message.getInt(0));
    }
    return message;
  }

  private void send(byte[] tokens) throws IOException {
    ByteBuffer packet = ByteBuffer.allocate(tokens.length + 8);
    packet.put((byte) ANSWER).put((byte) 1).putShort((short) packet.capacity());
    packet.putInt(0x00330100).put(tokens);
    out.write(packet.array());
    out.flush();
  }

  private void login(ByteBuffer message) {
    int version = message.getInt(4);
    modern = version >= 0x72090002;
    answer = new TdsTokens(modern);
    byte[] database = new byte[2 * message.getShort(70)];
    message.position(message.getShort(68)).get(database);
    answer.loginAccepted(version, new String(database, StandardCharsets.UTF_16LE));
    answer.done(TdsTokens.DONE, 0, 0, false, false);
  }

  private void batch(String text) {
    List<String> statements = statements(text);
    for (int i = 0; i < statements.size(); i++) {
      statement(statements.get(i), List.of(), TdsTokens.DONE, i < statements.size() - 1);
    }
  }

  private List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    for (String part : BETWEEN.split(text)) {
      if (!part.isBlank()) {
        statements.add(part.trim());
      }
    }
    return statements.isEmpty() ? List.of("") : statements;
  }

  private void calls(List<TdsCalls.Call> calls) {
    for (int i = 0; i < calls.size(); i++) {
      call(calls.get(i));
      answer.done(TdsTokens.DONE_OF_PROCEDURE, 0, 0, false, i < calls.size() - 1);
    }
  }

  private void call(TdsCalls.Call call) {
    List<Object> given = call.parameters();
    switch (call.number()) {
      case 10: // sp_executesql
        execute((String) given.get(0), given.subList(Math.min(2, given.size()), given.size()));
        answer.returned(0);
        break;
      case 11: // sp_prepare
        answer.returned(0).handle(prepare(given));
        break;
      case 12: // sp_execute
        execute(prepared.get((Integer) given.get(0)), given.subList(1, given.size()));
        answer.returned(0);
        break;
      case 13: // sp_prepexec
        execute((String) given.get(2), given.subList(3, given.size()));
        answer.returned(0).handle(prepare(given));
        break;
      default:
        answer.returned(0);
    }
  }

  private int prepare(List<Object> given) {
    prepared.put(prepared.size() + 1, (String) given.get(2));
    return prepared.size();
  }

  private void execute(String text, List<Object> values) {
    for (String statement : statements(text)) {
      statement(statement, values, TdsTokens.DONE_IN_PROCEDURE, true);
    }
  }

  private void statement(String text, List<Object> values, int token, boolean more) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("no_such_table")) {
      answer.failure(208, "Invalid object name 'no_such_table'.");
      answer.done(token, SELECT, 0, true, more);
    } else if (lower.startsWith("insert") && !numbers.add(number(text, values))) {
      answer.failure(2627, "Violation of PRIMARY KEY constraint.");
      answer.done(token, INSERT, 0, true, more);
    } else {
      int command = command(lower);
      if (command == SELECT) {
        row(lower);
      }
      answer.done(token, command, command == 0 ? 0 : 1, false, more);
    }
  }

  private static int number(String text, List<Object> values) {
    Matcher literal = NUMBER.matcher(text);
    return literal.find() ? Integer.parseInt(literal.group(1)) : (Integer) values.get(0);
  }

  private static int command(String lower) {
    switch (lower.split("\\s", 2)[0]) {
      case "select":
        return SELECT;
      case "insert":
        return INSERT;
      case "update":
        return UPDATE;
      case "delete":
        return DELETE;
      default:
        return 0;
    }
  }

  private void row(String select) {
    if (select.contains(" from ")) {
      answer.row("name", "kept");
    } else {
      answer.row("", 38);
    }
  }
}
