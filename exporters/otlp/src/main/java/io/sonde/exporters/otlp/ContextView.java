package io.sonde.exporters.otlp;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;

/** The ids of a span or of its parent as OpenTelemetry reads them; filled again for each span. */
final class ContextView implements SpanContext {
  private static final TraceFlags[] FLAGS = {
    TraceFlags.fromByte((byte) 0),
    TraceFlags.fromByte((byte) 1),
    TraceFlags.fromByte((byte) 2),
    TraceFlags.fromByte((byte) 3)
  };

  private String traceId = "";
  private String spanId = "";
  private TraceFlags flags = FLAGS[0];
  private TraceState state = TraceState.getDefault();
  private boolean remote;

  ContextView set(String traceId, String spanId, int flags, TraceState state, boolean remote) {
    this.traceId = traceId;
    this.spanId = spanId;
    this.flags = FLAGS[flags & 3];
    this.state = state;
    this.remote = remote;
    return this;
  }

  @Override
  public String getTraceId() {
    return traceId;
  }

  @Override
  public String getSpanId() {
    return spanId;
  }

  @Override
  public TraceFlags getTraceFlags() {
    return flags;
  }

  @Override
  public TraceState getTraceState() {
    return state;
  }

  @Override
  public boolean isValid() {
    return true;
  }

  @Override
  public boolean isRemote() {
    return remote;
  }
}
