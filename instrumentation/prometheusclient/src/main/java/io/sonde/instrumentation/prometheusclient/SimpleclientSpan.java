package io.sonde.instrumentation.prometheusclient;

import io.prometheus.client.exemplars.tracer.common.SpanContextSupplier;
import io.sonde.core.Span;
import org.jspecify.annotations.Nullable;

/** The current span as the client's versions below 1 ask for it; only one that leads to a trace. */
final class SimpleclientSpan implements SpanContextSupplier {
  @Override
  public @Nullable String getTraceId() {
    Span span = Span.current();
    return span == null ? null : span.logIds().traceId;
  }

  @Override
  public @Nullable String getSpanId() {
    Span span = Span.current();
    return span == null ? null : span.logIds().spanId;
  }

  @Override
  public boolean isSampled() {
    Span span = Span.current();
    return span != null && span.leaves();
  }
}
