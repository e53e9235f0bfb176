package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * The ids of a span as the text that logs show: three keys and their values.
 *
 * <p>Made once a span. The keys are {@code trace_id}, {@code span_id} and {@code trace_flags}
 * unless set otherwise.
 */
public final class LogIds {
  /** How many keys there are. */
  public static final int COUNT = 3;

  private static volatile String[] keys = {"trace_id", "span_id", "trace_flags"};

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

  /** Sets the keys of trace id, span id and flags, once at start. */
  public static void keys(String traceId, String spanId, String traceFlags) {
    keys = new String[] {traceId, spanId, traceFlags};
  }

  /** The key of that index: 0 the trace id, 1 the span id, 2 the flags. */
  public static String key(int index) {
    return keys[index];
  }

  /** The value of that index. */
  public String value(int index) {
    return index == 0 ? traceId : index == 1 ? spanId : traceFlags;
  }

  /**
   * The value of one of the keys, or null. Also answers to {@code traceId} and {@code spanId}, by
   * which Spring Boot's correlation slot asks.
   */
  public @Nullable String get(@Nullable Object key) {
    String[] names = keys;
    for (int i = 0; i < COUNT; i++) {
      if (names[i].equals(key)) {
        return value(i);
      }
    }
    return "traceId".equals(key) ? traceId : "spanId".equals(key) ? spanId : null;
  }
}
