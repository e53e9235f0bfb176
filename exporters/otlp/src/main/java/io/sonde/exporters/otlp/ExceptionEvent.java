package io.sonde.exporters.otlp;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.trace.data.EventData;
import io.sonde.core.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Makes an exception the span event that the semantic conventions describe, its stack trace as the
 * JVM prints it.
 *
 * <p>Exceptions are the application's objects and may override anything: what they throw from their
 * own methods is kept from the export, and text and depth are bounded.
 */
final class ExceptionEvent {
  private static final AttributeKey<String> TYPE = AttributeKey.stringKey("exception.type");
  private static final AttributeKey<String> MESSAGE = AttributeKey.stringKey("exception.message");
  private static final AttributeKey<String> STACKTRACE =
      AttributeKey.stringKey("exception.stacktrace");

  private static final int MAX_MESSAGE = 4096;
  static final int MAX_TRACE = 16 * 1024;
  private static final int MAX_CAUSES = 8;
  private static final int MAX_FRAMES = 128;

  private final StringBuilder trace = new StringBuilder();

  EventData of(Throwable thrown, long epochNanos) {
    AttributesBuilder attributes = Attributes.builder();
    attributes.put(TYPE, thrown.getClass().getName());
    String message = message(thrown);
    if (message != null) {
      attributes.put(MESSAGE, message);
    }
    attributes.put(STACKTRACE, trace(thrown));
    return EventData.create(epochNanos, "exception", attributes.build());
  }

  /** The exception's message, cut, or null where there is none or its method fails. */
  static @Nullable String message(Throwable thrown) {
    try {
      String message = thrown.getMessage();
      int max = Math.min(MAX_MESSAGE, Limits.valueLength());
      return message != null && message.length() > max ? message.substring(0, max) : message;
    } catch (Throwable theirs) {
      return null;
    }
  }

  private String trace(Throwable thrown) {
    int max = Math.min(MAX_TRACE, Limits.valueLength());
    trace.setLength(0);
    try {
      append(thrown, max);
    } catch (Throwable theirs) {
      trace.append("\n\t... the exception's own code failed: ").append(theirs.getClass().getName());
    }
    if (trace.length() > max) {
      trace.setLength(max);
    }
    String text = trace.toString();
    if (trace.capacity() > 2 * MAX_TRACE) {
      trace.setLength(0);
      trace.trimToSize();
    }
    return text;
  }

  private void append(Throwable thrown, int max) {
    StackTraceElement[] outer = {};
    Throwable next = thrown;
    for (int depth = 0; next != null && depth < MAX_CAUSES && trace.length() < max; depth++) {
      if (depth > 0) {
        trace.append("\nCaused by: ");
      }
      trace.append(next.getClass().getName());
      String message = message(next);
      if (message != null) {
        trace.append(": ").append(message);
      }
      StackTraceElement[] frames = next.getStackTrace();
      int own = frames.length - common(frames, outer);
      for (int i = 0; i < own && i < MAX_FRAMES && trace.length() < max; i++) {
        trace.append("\n\tat ").append(frames[i]);
      }
      int left = frames.length - Math.min(own, MAX_FRAMES);
      if (left > 0) {
        trace.append("\n\t... ").append(left).append(" more");
      }
      outer = frames;
      Throwable cause = next.getCause();
      next = cause == next ? null : cause;
    }
  }

  /** How many frames at the outer end are the same as those printed before. */
  private static int common(StackTraceElement[] frames, StackTraceElement[] outer) {
    int same = 0;
    while (same < frames.length
        && same < outer.length
        && frames[frames.length - 1 - same].equals(outer[outer.length - 1 - same])) {
      same++;
    }
    return same;
  }
}
