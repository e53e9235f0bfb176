package io.sonde.core;

/**
 * The {@code traceparent} of the latest trace of a thread that is not recorded: all its calls take
 * the text of the first, since no span of theirs is ever seen.
 */
final class UnsampledParent {
  private long traceHi;
  private long traceLo;
  private int flags;
  private String text = "";

  /** What goes downstream below a span that is not recorded. */
  String of(Span span) {
    if (span.traceLo() != traceLo || span.traceHi() != traceHi || span.traceFlags() != flags) {
      text = TraceContext.text(span, span.traceFlags());
      traceHi = span.traceHi();
      traceLo = span.traceLo();
      flags = span.traceFlags();
    }
    return text;
  }
}
