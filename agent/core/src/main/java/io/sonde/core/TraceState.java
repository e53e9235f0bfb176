package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * The {@code tracestate} header: what is accepted of it, and OpenTelemetry's own member {@code ot}
 * in it.
 */
final class TraceState {
  private static final int MAX_MEMBERS = 32;
  private static final int MAX_LENGTH = 512;
  private static final int LONG_MEMBER = 128;
  private static final int MAX_READ = 8192;
  private static final String OT = "ot=";

  private TraceState() {}

  /**
   * The header as it travels on: null where a member is malformed or there are more than 32 of
   * them. Of one over 512 characters, members over 128 are left out first, then the last ones.
   */
  static @Nullable String checked(String header) {
    int length = header.length();
    if (length > MAX_READ) {
      return null;
    }
    int members = 0;
    boolean blanks = false;
    for (int from = 0; from <= length; ) {
      int comma = header.indexOf(',', from);
      int to = comma < 0 ? length : comma;
      int start = skipBlanks(header, from, to);
      int end = trimBlanks(header, start, to);
      blanks |= start != from || end != to || start == end;
      if (start < end && (!validMember(header, start, end) || ++members > MAX_MEMBERS)) {
        return null;
      }
      from = to + 1;
    }
    if (members == 0) {
      return null;
    }
    return !blanks && length <= MAX_LENGTH ? header : fitted(header);
  }

  private static String fitted(String header) {
    String compact = members(header, Integer.MAX_VALUE, Integer.MAX_VALUE);
    return compact.length() <= MAX_LENGTH ? compact : members(compact, LONG_MEMBER, MAX_LENGTH);
  }

  private static String members(String header, int longest, int room) {
    StringBuilder kept = new StringBuilder(Math.min(header.length(), MAX_LENGTH));
    for (String part : header.split(",")) {
      String member = part.trim();
      if (member.isEmpty() || member.length() > longest) {
        continue;
      }
      if (kept.length() + member.length() + 1 > room) {
        break;
      }
      append(kept, member);
    }
    return kept.toString();
  }

  private static void append(StringBuilder list, String member) {
    if (list.length() > 0) {
      list.append(',');
    }
    list.append(member);
  }

  private static int skipBlanks(String text, int from, int to) {
    int at = from;
    while (at < to && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at;
  }

  private static int trimBlanks(String text, int from, int to) {
    int end = to;
    while (end > from && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    return end;
  }

  private static boolean validMember(String text, int from, int to) {
    int equals = text.indexOf('=', from);
    if (equals <= from
        || equals >= to
        || equals - from > 256
        || to - equals - 1 > 256
        || equals + 1 == to) {
      return false;
    }
    for (int i = from; i < equals; i++) {
      char c = text.charAt(i);
      boolean first = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
      if (!first && (i == from || "_-*/@".indexOf(c) < 0)) {
        return false;
      }
    }
    for (int i = equals + 1; i < to; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '=') {
        return false;
      }
    }
    return true;
  }

  /**
   * The state with this threshold in its ot member, which moves to the front; null takes a
   * threshold out.
   */
  static @Nullable String withThreshold(@Nullable String state, @Nullable String th) {
    if (state == null) {
      return th == null ? null : OT + "th:" + th;
    }
    if (th == null && state.indexOf("th:") < 0) {
      return state;
    }
    StringBuilder ot = new StringBuilder(64).append(OT);
    if (th != null) {
      ot.append("th:").append(th);
    }
    StringBuilder others = new StringBuilder(state.length());
    int members = 1;
    for (String member : state.split(",")) {
      if (member.startsWith(OT)) {
        for (String subKey : member.substring(OT.length()).split(";")) {
          if (!subKey.isEmpty() && !subKey.startsWith("th:")) {
            ot.append(ot.length() > OT.length() ? ";" : "").append(subKey);
          }
        }
      } else if (++members <= MAX_MEMBERS) {
        append(others, member);
      }
    }
    if (ot.length() > OT.length()) {
      return others.length() == 0 ? ot.toString() : ot.append(',').append(others).toString();
    }
    return others.length() == 0 ? null : others.toString();
  }

  /** The 56 bits that the ot member's {@code rv} brings in the place of the trace id's, or -1. */
  static long randomness(@Nullable String state) {
    if (state == null) {
      return -1;
    }
    int ot = state.startsWith(OT) ? 0 : state.indexOf(",ot=") + 1;
    if (ot == 0 && !state.startsWith(OT)) {
      return -1;
    }
    int end = state.indexOf(',', ot);
    end = end < 0 ? state.length() : end;
    for (int at = ot + OT.length(); at < end; ) {
      int semicolon = state.indexOf(';', at);
      int to = semicolon < 0 || semicolon > end ? end : semicolon;
      if (to - at == 17 && state.startsWith("rv:", at) && Hex.valid(state, at + 3, to, false)) {
        return Hex.parse(state, at + 3, to);
      }
      at = to + 1;
    }
    return -1;
  }
}
