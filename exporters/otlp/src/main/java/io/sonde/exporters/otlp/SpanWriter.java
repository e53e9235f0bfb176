package io.sonde.exporters.otlp;

import io.sonde.core.ClientSpan;
import io.sonde.core.Names;
import io.sonde.core.Remote;
import io.sonde.core.ServerSpan;
import io.sonde.core.Span;
import org.jspecify.annotations.Nullable;

/** Writes a span as OTLP's Span message. */
final class SpanWriter {
  private static final int TRACE_ID = 1;
  private static final int SPAN_ID = 2;
  private static final int TRACE_STATE = 3;
  private static final int PARENT_SPAN_ID = 4;
  private static final int NAME = 5;
  private static final int KIND = 6;
  private static final int START = 7;
  private static final int END = 8;
  private static final int ATTRIBUTES = 9;
  private static final int DROPPED_ATTRIBUTES = 10;
  private static final int EVENTS = 11;
  private static final int LINKS = 13;
  private static final int DROPPED_LINKS = 14;
  private static final int STATUS = 15;
  private static final int FLAGS = 16;

  private static final int LINK_FLAGS = 6;
  private static final int STATUS_MESSAGE = 2;
  private static final int STATUS_CODE = 3;
  private static final int ERROR = 2;

  private static final int KNOWN_WHETHER_REMOTE = 0x100;
  private static final int REMOTE = 0x200;

  private final Proto out;
  private final EpochClock clock;
  private final Attributes attributes;
  private final ExceptionEvent exceptions;

  SpanWriter(Proto out, EpochClock clock) {
    this.out = out;
    this.clock = clock;
    attributes = new Attributes(out);
    exceptions = new ExceptionEvent(out);
  }

  /** Appends the span as this field of the message that is being written. */
  void write(int field, Span span) {
    int message = out.open(field);
    out.id(TRACE_ID, span.traceHi(), span.traceLo());
    out.id(SPAN_ID, span.id());
    String state = span.traceState();
    if (state != null) {
      out.text(TRACE_STATE, state);
    }
    if (span.parentId() != 0) {
      out.id(PARENT_SPAN_ID, span.parentId());
    }
    out.text(NAME, span.name());
    out.number(KIND, span.otlpKind());
    ServerSpan top = span.server();
    long offset = clock.offset(top == null ? span.startNanos() : top.startNanos());
    out.fixed64(START, offset + span.startNanos());
    out.fixed64(END, offset + span.endNanos());
    attributes(span);
    Throwable thrown = span.thrown();
    if (thrown != null) {
      exceptions.write(EVENTS, thrown, offset + span.endNanos());
    }
    links(span);
    status(span, thrown);
    out.fixed32(
        FLAGS, span.traceFlags() | KNOWN_WHETHER_REMOTE | (span.hasRemoteParent() ? REMOTE : 0));
    out.close(message);
  }

  private void attributes(Span span) {
    span.attributes(attributes.in(ATTRIBUTES));
    String error = span.errorType();
    if (error != null) {
      attributes.attribute(Names.ERROR_TYPE, error);
    }
    if (span.droppedAttributes() > 0) {
      out.number(DROPPED_ATTRIBUTES, span.droppedAttributes());
    }
  }

  private void links(Span span) {
    for (Remote link : span.links()) {
      int message = out.open(LINKS);
      out.id(TRACE_ID, link.traceHi, link.traceLo);
      out.id(SPAN_ID, link.spanId);
      if (link.traceState != null) {
        out.text(TRACE_STATE, link.traceState);
      }
      out.fixed32(LINK_FLAGS, link.flags & 0xFF | KNOWN_WHETHER_REMOTE | REMOTE);
      out.close(message);
    }
    if (span.droppedLinks() > 0) {
      out.number(DROPPED_LINKS, span.droppedLinks());
    }
  }

  private void status(Span span, @Nullable Throwable thrown) {
    if (span.errorType() == null) {
      return;
    }
    int message = out.open(STATUS);
    boolean http = span instanceof ServerSpan || span instanceof ClientSpan;
    String description = thrown == null || http ? null : ExceptionEvent.message(thrown);
    if (description != null) {
      out.text(STATUS_MESSAGE, description);
    }
    out.number(STATUS_CODE, ERROR);
    out.close(message);
  }
}
