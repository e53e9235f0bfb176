package app;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Micrometer's registry as most people make it. */
public final class MicrometerSimpleclient implements Meters {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter calls = registry.counter("calls");
  private final Timer durations =
      Timer.builder("durations").publishPercentileHistogram().register(registry);

  @Override
  public void record(double seconds) {
    calls.increment();
    durations.record(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  @Override
  public String scrape() {
    return registry.scrape("application/openmetrics-text; version=1.0.0; charset=utf-8");
  }
}
