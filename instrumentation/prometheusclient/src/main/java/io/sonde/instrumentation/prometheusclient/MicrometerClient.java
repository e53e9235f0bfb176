package io.sonde.instrumentation.prometheusclient;

import io.prometheus.metrics.tracer.common.SpanContext;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Exemplars on Micrometer's counters, timers and summaries, 1.13 to 1.17, where its registry is
 * over Prometheus's client 1.
 */
@Weave(
    type = "io.micrometer.prometheusmetrics.PrometheusMeterRegistry",
    method =
        "<init>(io.micrometer.prometheusmetrics.PrometheusConfig,"
            + "io.prometheus.metrics.model.registry.PrometheusRegistry,"
            + "io.micrometer.core.instrument.Clock,"
            + "io.prometheus.metrics.tracer.common.SpanContext)")
public final class MicrometerClient {
  private MicrometerClient() {}

  /** A registry is made, perhaps without somebody who knows the current span. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(3))
  public static @Nullable SpanContext enter(@Advice.Argument(3) @Nullable SpanContext own) {
    return own != null ? null : new ClientSpan();
  }
}
