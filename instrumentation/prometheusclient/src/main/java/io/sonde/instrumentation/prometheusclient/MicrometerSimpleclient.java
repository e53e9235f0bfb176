package io.sonde.instrumentation.prometheusclient;

import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Exemplars on Micrometer's counters, timers and summaries, 1.9 to 1.16, where its registry is over
 * Prometheus's client below 1.
 */
@Weave(
    type = "io.micrometer.prometheus.PrometheusMeterRegistry",
    method =
        "<init>(io.micrometer.prometheus.PrometheusConfig,io.prometheus.client.CollectorRegistry,"
            + "io.micrometer.core.instrument.Clock,"
            + "io.prometheus.client.exemplars.ExemplarSampler)")
public final class MicrometerSimpleclient {
  private MicrometerSimpleclient() {}

  /** A registry is made, perhaps without a sampler. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(3))
  public static @Nullable ExemplarSampler enter(@Advice.Argument(3) @Nullable ExemplarSampler own) {
    return own != null ? null : new DefaultExemplarSampler(new SimpleclientSpan());
  }
}
