package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** W3C trace context, level 2: {@code traceparent} and {@code tracestate}. */
final class TraceContext implements Propagation.Format {
  private static final int LENGTH = 55;
  private static final int MAX_STATE = 512;

  @Override
  public <C> @Nullable Remote extract(C carrier, Headers<C> headers, @Nullable Remote found) {
    if (found != null && found.valid()) {
      return found;
    }
    String parent = headers.get(carrier, "traceparent");
    if (parent == null || !valid(parent)) {
      return found;
    }
    long hi = Hex.parse(parent, 3, 19);
    long lo = Hex.parse(parent, 19, 35);
    long span = Hex.parse(parent, 36, 52);
    if ((hi | lo) == 0 || span == 0) {
      return found;
    }
    int flags = (int) Hex.parse(parent, 53, 55) & 3;
    String state = headers.get(carrier, "tracestate");
    if (state != null && (state.isEmpty() || state.length() > MAX_STATE)) {
      state = null;
    }
    return new Remote(hi, lo, span, flags, state, found == null ? null : found.baggage);
  }

  private static boolean valid(String text) {
    int length = text.length();
    if (length < LENGTH || !Hex.valid(text, 0, 2, false) || text.startsWith("ff")) {
      return false;
    }
    // Version 00 has exactly these fields; a later one may append more behind a dash.
    boolean end = length == LENGTH || !text.startsWith("00") && text.charAt(LENGTH) == '-';
    return end
        && text.charAt(2) == '-'
        && Hex.valid(text, 3, 35, false)
        && text.charAt(35) == '-'
        && Hex.valid(text, 36, 52, false)
        && text.charAt(52) == '-'
        && Hex.valid(text, 53, 55, false);
  }

  @Override
  public <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    sink.set(carrier, "traceparent", text(span, span.traceFlags()));
    String state = span.traceState();
    if (state != null) {
      sink.set(carrier, "tracestate", state);
    }
  }

  static String text(Span span, int flags) {
    char[] chars = new char[LENGTH];
    chars[0] = chars[1] = '0';
    chars[2] = chars[35] = chars[52] = '-';
    Hex.put(span.traceHi(), chars, 3);
    Hex.put(span.traceLo(), chars, 19);
    Hex.put(span.id(), chars, 36);
    chars[53] = '0';
    chars[54] = Hex.digit(flags);
    return new String(chars);
  }
}
