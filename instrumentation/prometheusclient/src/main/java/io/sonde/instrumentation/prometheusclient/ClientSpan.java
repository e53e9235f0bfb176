package io.sonde.instrumentation.prometheusclient;

import io.prometheus.metrics.tracer.common.SpanContext;
import io.sonde.core.Span;
import org.jspecify.annotations.Nullable;

/** The current span as the client asks for it from version 1 on; only one that leads to a trace. */
final class ClientSpan implements SpanContext {
  @Override
  public @Nullable String getCurrentTraceId() {
    Span span = Span.current();
    return span == null ? null : span.logIds().traceId;
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    Span span = Span.current();
    return span == null ? null : span.logIds().spanId;
  }

  @Override
  public boolean isCurrentSpanSampled() {
    Span span = Span.current();
    return span != null && span.leaves();
  }

  @Override
  public void markCurrentSpanAsExemplar() {}
}
