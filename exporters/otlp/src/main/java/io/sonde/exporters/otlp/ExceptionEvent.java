package io.sonde.exporters.otlp;

import io.sonde.core.Limits;
import io.sonde.core.Protobuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes an exception as the span event that the semantic conventions describe, its stack trace as
 * the JVM prints it.
 *
 * <p>Exceptions are the application's objects and may override anything: what they throw from their
 * own methods is kept from the export, and text and depth are bounded.
 */
final class ExceptionEvent {
  private static final int MAX_MESSAGE = 4096;
  private static final int MAX_TRACE = 16 * 1024;
  private static final int MAX_CAUSES = 8;
  private static final int MAX_FRAMES = 128;

  private final Protobuf out;
  private final AttributeWriter attributes;
  private final FrameTexts texts = new FrameTexts();

  /** Characters of the stack trace that there is room for. */
  private int left;

  /** Attributes that the limit leaves. */
  private int room;

  private int dropped;

  ExceptionEvent(Protobuf out) {
    this.out = out;
    attributes = new AttributeWriter(out, 3);
  }

  /** Writes the event as this field of a span. */
  void write(int field, Throwable thrown, long epochNanos) {
    int event = out.begin(field);
    out.fixed64(1, epochNanos);
    out.text(2, "exception");
    room = Limits.eventAttributes();
    dropped = 0;
    if (hasRoom()) {
      attributes.attribute("exception.type", Limits.cut(thrown.getClass().getName()));
    }
    String message = message(thrown);
    if (message != null && hasRoom()) {
      attributes.attribute("exception.message", message);
    }
    if (hasRoom()) {
      stackTrace(thrown);
    }
    if (dropped > 0) {
      out.number(4, dropped);
    }
    out.end(event);
  }

  private boolean hasRoom() {
    if (room == 0) {
      dropped++;
      return false;
    }
    room--;
    return true;
  }

  private void stackTrace(Throwable thrown) {
    int attribute = attributes.begin("exception.stacktrace");
    int value = out.begin(AttributeWriter.VALUE);
    int text = out.begin(AttributeWriter.TEXT);
    left = Math.min(MAX_TRACE, Limits.valueLength());
    trace(thrown);
    out.end(text);
    out.end(value);
    out.end(attribute);
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

  private void trace(Throwable thrown) {
    try {
      append(thrown);
    } catch (Throwable theirs) {
      add("\n\t... the exception's own code failed: ");
      add(theirs.getClass().getName());
    }
  }

  private void append(Throwable thrown) {
    StackTraceElement[] outer = {};
    Throwable next = thrown;
    for (int depth = 0; next != null && depth < MAX_CAUSES && left > 0; depth++) {
      if (depth > 0) {
        add("\nCaused by: ");
      }
      add(next.getClass().getName());
      String message = message(next);
      if (message != null) {
        add(": ");
        add(message);
      }
      StackTraceElement[] frames = next.getStackTrace();
      int own = frames.length - common(frames, outer);
      for (int i = 0; i < own && i < MAX_FRAMES && left > 0; i++) {
        add("\n\tat ");
        add(texts.of(frames[i]));
      }
      int others = frames.length - Math.min(own, MAX_FRAMES);
      if (others > 0) {
        add("\n\t... " + others + " more");
      }
      outer = frames;
      Throwable cause = next.getCause();
      next = cause == next ? null : cause;
    }
  }

  private void add(String piece) {
    String fitting = piece.length() > left ? piece.substring(0, left) : piece;
    left -= fitting.length();
    out.text(fitting);
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
