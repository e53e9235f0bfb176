package io.sonde.core;

/** W3C trace context, level 2: {@code traceparent} and {@code tracestate}. */
final class TraceContext implements Propagation.Format {
  static final int LENGTH = 55;

  @Override
  public <C> void extract(C carrier, Headers<C> headers, Incoming into) {
    if (into.valid()) {
      return;
    }
    // Two traceparent headers come as one text that is too long to be valid, which is what the
    // specification wants.
    String parent = headers.all(carrier, "traceparent");
    if (parent == null || !valid(parent)) {
      return;
    }
    boolean found =
        into.parent(
            Hex.parse(parent, 3, 19),
            Hex.parse(parent, 19, 35),
            Hex.parse(parent, 36, 52),
            (int) Hex.parse(parent, 53, 55) & (Incoming.SAMPLED | Incoming.RANDOM));
    if (found) {
      into.traceparent = parent;
      String state = headers.all(carrier, "tracestate");
      into.traceState = state == null ? null : TraceState.checked(state);
    }
  }

  private static boolean valid(String text) {
    int length = text.length();
    if (length < LENGTH || !Hex.valid(text, 0, 2, false) || text.startsWith("ff")) {
      return false;
    }
    // Version 00 has exactly these fields; a later one may append more behind a dash.
    boolean end = length == LENGTH || !text.startsWith("00") && text.charAt(LENGTH) == '-';
    return end
        && text.indexOf(',') < 0
        && text.charAt(2) == '-'
        && Hex.valid(text, 3, 35, false)
        && text.charAt(35) == '-'
        && Hex.valid(text, 36, 52, false)
        && text.charAt(52) == '-'
        && Hex.valid(text, 53, 55, false);
  }

  @Override
  public <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    boolean seen = span.sampled() || span.exported();
    sink.set(
        carrier,
        "traceparent",
        seen ? text(span, span.traceFlags()) : Slot.get().unsampledParent().of(span));
    String state = span.traceState();
    if (state != null) {
      sink.set(carrier, "tracestate", state);
    }
  }

  static String text(Span span, int flags) {
    char[] chars = Slot.get().scratch(LENGTH);
    chars[0] = chars[1] = '0';
    chars[2] = chars[35] = chars[52] = '-';
    Hex.put(span.traceHi(), chars, 3);
    Hex.put(span.traceLo(), chars, 19);
    Hex.put(span.id(), chars, 36);
    chars[53] = '0';
    chars[54] = Hex.digit(flags);
    return new String(chars, 0, LENGTH);
  }
}
