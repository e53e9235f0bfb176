package io.sonde.core;

/**
 * The {@code traceparent} of the latest trace of a thread that is not recorded: no span of such a
 * trace is ever seen, so all calls send the text that the request came with, or else that of the
 * first of them.
 */
final class UnsampledParent {
  private long traceHi;
  private long traceLo;
  private int flags;
  private String text = "";

  /** The trace of this span came with the text; one that says the same as we would goes on. */
  void received(Span span, String traceparent) {
    if (traceparent.length() == TraceContext.LENGTH
        && traceparent.startsWith("00")
        && traceparent.charAt(TraceContext.LENGTH - 2) == '0'
        && traceparent.charAt(TraceContext.LENGTH - 1) == Hex.digit(span.traceFlags())) {
      keep(span, traceparent);
    }
  }

  /** What goes downstream below a span that is not recorded. */
  String of(Span span) {
    if (span.traceLo() != traceLo || span.traceHi() != traceHi || span.traceFlags() != flags) {
      keep(span, TraceContext.text(span, span.traceFlags()));
    }
    return text;
  }

  private void keep(Span span, String traceparent) {
    text = traceparent;
    traceHi = span.traceHi();
    traceLo = span.traceLo();
    flags = span.traceFlags();
  }
}
