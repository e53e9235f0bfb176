package io.sonde.instrumentation.prometheusclient;

import io.prometheus.metrics.tracer.common.SpanContext;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Exemplars on counters, histograms and summaries of Prometheus's Java client 1.0 to 1.7. Its own
 * bridge to OpenTelemetry, which is there where that API is on the class path, is asked first.
 */
@Weave(
    type = "io.prometheus.metrics.tracer.initializer.SpanContextSupplier",
    method = "getSpanContext()")
public final class ClientExemplars {
  private static final SpanContext OURS = new ClientSpan();
  private static volatile @Nullable Either either;

  private ClientExemplars() {}

  /** The client asks who knows the current span. */
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static @Nullable SpanContext exit(@Advice.Return @Nullable SpanContext own) {
    if (own == null) {
      return OURS;
    }
    Either known = either;
    if (known != null && known.first == own) {
      return known;
    }
    if (!own.getClass().getName().startsWith("io.prometheus.metrics.tracer.")) {
      return own;
    }
    either = known = new Either(own);
    return known;
  }

  /** The client's own where it has a span, else ours. */
  private static final class Either implements SpanContext {
    final SpanContext first;

    Either(SpanContext first) {
      this.first = first;
    }

    private SpanContext either() {
      return first.isCurrentSpanSampled() ? first : OURS;
    }

    @Override
    public @Nullable String getCurrentTraceId() {
      return either().getCurrentTraceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
      return either().getCurrentSpanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
      return either().isCurrentSpanSampled();
    }

    @Override
    public void markCurrentSpanAsExemplar() {
      either().markCurrentSpanAsExemplar();
    }
  }
}
