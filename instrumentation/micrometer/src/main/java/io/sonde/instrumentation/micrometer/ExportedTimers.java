package io.sonde.instrumentation.micrometer;

import io.micrometer.core.instrument.Meter;
import io.sonde.core.Weave;
import io.sonde.core.metrics.ApplicationMeters;
import net.bytebuddy.asm.Advice;

/**
 * Timers of the application's own in a Prometheus or OTLP registry, Micrometer 1.9 and newer: what
 * they export the agent does not show by the same name.
 */
@Weave(
    type = {
      "io.micrometer.prometheus.PrometheusMeterRegistry",
      "io.micrometer.prometheusmetrics.PrometheusMeterRegistry",
      "io.micrometer.registry.otlp.OtlpMeterRegistry"
    },
    method =
        "newTimer(io.micrometer.core.instrument.Meter$Id,"
            + "io.micrometer.core.instrument.distribution.DistributionStatisticConfig,"
            + "io.micrometer.core.instrument.distribution.pause.PauseDetector)")
public final class ExportedTimers {
  private ExportedTimers() {}

  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(@Advice.Argument(0) Meter.Id id) {
    ApplicationMeters.exported(id.getName());
  }
}
