package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** The ids of a span as the text that logs show. */
public final class LogIds {
  /** 32 digits. */
  public final String traceId;

  /** 16 digits. */
  public final String spanId;

  /** 01 where the trace is sampled, else 00. */
  public final String traceFlags;

  LogIds(Span span) {
    traceId = Hex.of(span.traceHi(), span.traceLo());
    spanId = Hex.of(span.id());
    traceFlags = span.sampled() ? "01" : "00";
  }

  /** The ids of the span that this thread runs under. */
  public static @Nullable LogIds current() {
    Span span = Span.current();
    return span == null ? null : span.logIds();
  }
}
