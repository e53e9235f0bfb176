package io.sonde.core;

/**
 * Jaeger's own headers: {@code uber-trace-id}, and baggage as {@code uberctx-*} or {@code
 * jaeger-baggage}.
 */
final class Jaeger implements Propagation.Format {
  private static final String TRACE = "uber-trace-id";
  private static final String BAGGAGE = "uberctx-";
  private static final String BAGGAGE_LIST = "jaeger-baggage";
  private static final int LONGEST = 32 + 16 + 16 + 2 + 9;
  private static final int MAX_TOKENS = 64;

  @Override
  public <C> void extract(C carrier, Headers<C> headers, Incoming into) {
    String text = headers.get(carrier, TRACE);
    if (text != null && !into.valid() && text.length() <= LONGEST) {
      parent(text.indexOf('%') < 0 ? text : text.replace("%3A", ":").replace("%3a", ":"), into);
    }
    Baggage.extractPrefixed(carrier, headers, BAGGAGE, into);
    String list = into.baggage == null ? headers.get(carrier, BAGGAGE_LIST) : null;
    if (list != null && list.length() <= Baggage.MAX_LENGTH) {
      list(list, into);
    }
  }

  /**
   * {@code trace-id:span-id:parent-id:flags}, of hexadecimal digits without leading zeros or with.
   */
  private static void parent(String text, Incoming into) {
    int first = text.indexOf(':');
    int second = text.indexOf(':', first + 1);
    int third = second < 0 ? -1 : text.indexOf(':', second + 1);
    if (third < 0
        || first > 32
        || second - first > 17
        || third - second > 17
        || text.length() - third > 3
        || !Hex.valid(text, 0, first, true)
        || !Hex.valid(text, first + 1, second, true)
        || !Hex.valid(text, third + 1, text.length(), true)) {
      return;
    }
    int bits = (int) Hex.parse(text, third + 1, text.length());
    boolean debug = (bits & 2) != 0;
    int flags = debug ? Incoming.DEBUG | Incoming.SAMPLED : bits & Incoming.SAMPLED;
    long hi = first > 16 ? Hex.parse(text, 0, first - 16) : 0;
    into.parent(
        hi,
        Hex.parse(text, Math.max(0, first - 16), first),
        Hex.parse(text, first + 1, second),
        flags);
  }

  /** {@code key=value, key = value}, which debugging by hand uses. */
  private static void list(String list, Incoming into) {
    StringBuilder baggage = new StringBuilder(list.length());
    String[] tokens = list.split(",", MAX_TOKENS + 1);
    for (int i = 0; i < tokens.length && i < MAX_TOKENS; i++) {
      int equals = tokens[i].indexOf('=');
      String key = equals <= 0 ? "" : tokens[i].substring(0, equals).trim();
      if (Baggage.isToken(key)) {
        Baggage.append(baggage, key, tokens[i].substring(equals + 1).trim());
      }
    }
    if (baggage.length() > 0) {
      into.baggage = Baggage.checked(baggage.toString());
    }
  }

  @Override
  public <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    char[] chars = new char[32 + 1 + 16 + 4];
    Hex.put(span.traceHi(), chars, 0);
    Hex.put(span.traceLo(), chars, 16);
    chars[32] = chars[49] = chars[51] = ':';
    Hex.put(span.id(), chars, 33);
    chars[50] = '0';
    chars[52] = span.debug() ? '3' : span.sampled() ? '1' : '0';
    sink.set(carrier, TRACE, new String(chars));
    Baggage.injectPrefixed(span, carrier, sink, BAGGAGE);
  }
}
