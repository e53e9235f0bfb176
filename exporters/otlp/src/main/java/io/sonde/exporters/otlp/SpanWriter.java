package io.sonde.exporters.otlp;

import io.sonde.core.ClientSpan;
import io.sonde.core.Limits;
import io.sonde.core.Names;
import io.sonde.core.Protobuf;
import io.sonde.core.Remote;
import io.sonde.core.ServerSpan;
import io.sonde.core.Span;
import org.jspecify.annotations.Nullable;

/** Writes spans as OTLP's {@code Span}; its fields have the numbers that trace.proto gives them. */
final class SpanWriter {
  private static final int INTERNAL = 1;
  private static final int STATUS_ERROR = 2;

  /** Bits of {@code flags}: whether the other end is remote, and that this is known. */
  private static final int KNOWN = 0x100;

  private static final int REMOTE = 0x200;

  private final Protobuf out;
  private final EpochClock clock;
  private final LimitedAttributes attributes;
  private final ExceptionEvent exceptions;

  SpanWriter(Protobuf out, EpochClock clock) {
    this.out = out;
    this.clock = clock;
    attributes = new LimitedAttributes(new AttributeWriter(out, 9));
    exceptions = new ExceptionEvent(out);
  }

  /** Writes the span as this field of a message. */
  void write(int field, Span span) {
    int begun = out.begin(field);
    ids(span);
    out.text(5, span.name());
    out.number(6, Math.max(INTERNAL, span.otlpKind()));
    ServerSpan top = span.server();
    long offset = clock.offset(top == null ? span.startNanos() : top.startNanos());
    long end = offset + span.endNanos();
    out.fixed64(7, offset + span.startNanos());
    out.fixed64(8, end);
    String error = span.errorType();
    attributes.begin();
    if (error != null) {
      attributes.attribute(Names.ERROR_TYPE, error);
    }
    span.attributes(attributes);
    count(10, span.droppedAttributes() + attributes.dropped());
    Throwable thrown = span.thrown();
    if (thrown != null && Limits.events() > 0) {
      exceptions.write(11, thrown, end);
    } else if (thrown != null) {
      count(12, 1);
    }
    for (Remote link : span.links()) {
      link(link);
    }
    count(14, span.droppedLinks());
    if (error != null) {
      failed(span, thrown);
    }
    out.fixed32(16, span.traceFlags() | KNOWN | (span.hasRemoteParent() ? REMOTE : 0));
    out.end(begun);
  }

  private void ids(Span span) {
    out.id(1, span.traceHi(), span.traceLo());
    out.id(2, span.id());
    String state = span.recordedTraceState();
    if (state != null) {
      out.text(3, state);
    }
    if (span.parentId() != 0) {
      out.id(4, span.parentId());
    }
  }

  private void count(int field, int dropped) {
    if (dropped != 0) {
      out.number(field, dropped);
    }
  }

  /** An HTTP span's status code says it all; elsewhere the message of the exception does. */
  private void failed(Span span, @Nullable Throwable thrown) {
    int status = out.begin(15);
    boolean http = span instanceof ServerSpan || span instanceof ClientSpan;
    String description = thrown == null || http ? null : ExceptionEvent.message(thrown);
    if (description != null) {
      out.text(2, description);
    }
    out.number(3, STATUS_ERROR);
    out.end(status);
  }

  private void link(Remote to) {
    int link = out.begin(13);
    out.id(1, to.traceHi, to.traceLo);
    out.id(2, to.spanId);
    if (to.traceState != null) {
      out.text(3, to.traceState);
    }
    out.fixed32(6, to.flags & 3 | KNOWN | REMOTE);
    out.end(link);
  }
}
