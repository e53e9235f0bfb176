package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * Zipkin's B3: writes the single header {@code b3} or the {@code X-B3-*} headers, and reads both.
 */
final class B3 implements Propagation.Format {
  private static final String SINGLE = "b3";
  private static final String TRACE_ID = "X-B3-TraceId";
  private static final String SPAN_ID = "X-B3-SpanId";
  private static final String SAMPLED = "X-B3-Sampled";
  private static final String FLAGS = "X-B3-Flags";
  private static final int LONGEST = 32 + 1 + 16 + 1 + 1 + 1 + 16;

  private final boolean single;

  B3(boolean single) {
    this.single = single;
  }

  @Override
  public <C> void extract(C carrier, Headers<C> headers, Incoming into) {
    if (into.valid()) {
      return;
    }
    String one = headers.get(carrier, SINGLE);
    if (one == null || !extractSingle(one, into)) {
      extractMulti(carrier, headers, into);
    }
  }

  /**
   * {@code traceid-spanid}, {@code traceid-spanid-state}, {@code traceid-spanid-state-parentid}, or
   * {@code state}.
   */
  private static boolean extractSingle(String text, Incoming into) {
    if (text.length() > LONGEST) {
      return false;
    }
    if (text.length() == 1) {
      int decision = state(text);
      return decision != Incoming.DEFERRED && decide(into, decision);
    }
    int dash = text.indexOf('-');
    if (!isId(text, 0, dash, 32) && !isId(text, 0, dash, 16)) {
      return false;
    }
    int spanEnd = dash + 17;
    if (!isId(text, dash + 1, spanEnd, 16)) {
      return false;
    }
    int flags = Incoming.DEFERRED;
    if (text.length() > spanEnd) {
      if (text.length() < spanEnd + 2 || text.charAt(spanEnd) != '-') {
        return false;
      }
      boolean end = text.length() == spanEnd + 2 || text.charAt(spanEnd + 2) == '-';
      flags = end ? state(text.substring(spanEnd + 1, spanEnd + 2)) : Incoming.DEFERRED;
      if (flags == Incoming.DEFERRED) {
        return false;
      }
    }
    return into.parent(
        upper(text, dash),
        Hex.parse(text, dash - 16, dash),
        Hex.parse(text, dash + 1, spanEnd),
        flags);
  }

  private static <C> void extractMulti(C carrier, Headers<C> headers, Incoming into) {
    int flags =
        "1".equals(headers.get(carrier, FLAGS))
            ? Incoming.DEBUG | Incoming.SAMPLED
            : state(headers.get(carrier, SAMPLED));
    String trace = headers.get(carrier, TRACE_ID);
    if (trace == null) {
      if (flags != Incoming.DEFERRED) {
        decide(into, flags);
      }
      return;
    }
    String span = headers.get(carrier, SPAN_ID);
    int length = trace.length();
    if (span != null
        && (isId(trace, 0, length, 32) || isId(trace, 0, length, 16))
        && isId(span, 0, span.length(), 16)) {
      into.parent(
          upper(trace, length),
          Hex.parse(trace, length - 16, length),
          Hex.parse(span, 0, 16),
          flags);
    }
  }

  private static boolean decide(Incoming into, int flags) {
    into.flags = flags | Incoming.DECISION_ALONE;
    return true;
  }

  private static int state(@Nullable String text) {
    if (text == null) {
      return Incoming.DEFERRED;
    }
    switch (text) {
      case "1":
      case "true":
        return Incoming.SAMPLED;
      case "0":
      case "false":
        return 0;
      case "d":
        return Incoming.DEBUG | Incoming.SAMPLED;
      default:
        return Incoming.DEFERRED;
    }
  }

  private static boolean isId(String text, int from, int to, int length) {
    return to - from == length && Hex.valid(text, from, to, true);
  }

  private static long upper(String text, int length) {
    return length == 32 ? Hex.parse(text, 0, 16) : 0;
  }

  @Override
  public <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    if (single) {
      char[] chars = new char[32 + 1 + 16 + 2];
      Hex.put(span.traceHi(), chars, 0);
      Hex.put(span.traceLo(), chars, 16);
      chars[32] = '-';
      Hex.put(span.id(), chars, 33);
      chars[49] = '-';
      chars[50] = span.debug() ? 'd' : span.sampled() ? '1' : '0';
      sink.set(carrier, SINGLE, new String(chars));
      return;
    }
    sink.set(carrier, TRACE_ID, Hex.of(span.traceHi(), span.traceLo()));
    sink.set(carrier, SPAN_ID, Hex.of(span.id()));
    if (span.debug()) {
      sink.set(carrier, FLAGS, "1");
    } else {
      sink.set(carrier, SAMPLED, span.sampled() ? "1" : "0");
    }
  }
}
