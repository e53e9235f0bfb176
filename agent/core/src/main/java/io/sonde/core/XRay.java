package io.sonde.core;

/** AWS X-Ray's {@code X-Amzn-Trace-Id: Root=1-time-rest;Parent=id;Sampled=1}. */
final class XRay implements Propagation.Format {
  private static final String HEADER = "X-Amzn-Trace-Id";
  private static final int LONGEST = 512;
  private static final int ROOT_LENGTH = 35;

  @Override
  public <C> void extract(C carrier, Headers<C> headers, Incoming into) {
    String text = into.valid() ? null : headers.get(carrier, HEADER);
    if (text == null || text.length() > LONGEST) {
      return;
    }
    long hi = 0;
    long lo = 0;
    long parent = 0;
    int flags = Incoming.DEFERRED;
    for (String part : text.split(";")) {
      String field = part.trim();
      if (field.startsWith("Root=") && isRoot(field, 5)) {
        hi = Hex.parse(field, 7, 15) << 32 | Hex.parse(field, 16, 24);
        lo = Hex.parse(field, 24, 40);
      } else if (field.startsWith("Parent=")
          && field.length() == 23
          && Hex.valid(field, 7, 23, true)) {
        parent = Hex.parse(field, 7, 23);
      } else if (field.equals("Sampled=1")) {
        flags = Incoming.SAMPLED;
      } else if (field.equals("Sampled=0")) {
        flags = 0;
      }
    }
    into.parent(hi, lo, parent, flags);
  }

  /** {@code 1-8 digits-24 digits}. */
  private static boolean isRoot(String text, int from) {
    return text.length() == from + ROOT_LENGTH
        && text.startsWith("1-", from)
        && Hex.valid(text, from + 2, from + 10, true)
        && text.charAt(from + 10) == '-'
        && Hex.valid(text, from + 11, from + 35, true);
  }

  @Override
  public <C> void inject(Span span, C carrier, HeaderSink<C> sink) {
    String trace = Hex.of(span.traceHi(), span.traceLo());
    sink.set(
        carrier,
        HEADER,
        "Root=1-"
            + trace.substring(0, 8)
            + '-'
            + trace.substring(8)
            + ";Parent="
            + Hex.of(span.id())
            + ";Sampled="
            + (span.sampled() ? '1' : '0'));
  }
}
