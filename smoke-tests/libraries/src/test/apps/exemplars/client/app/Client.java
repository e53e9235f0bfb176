package app;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;

/** Prometheus's client from 1 on. */
public final class Client implements Meters {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter calls = Counter.builder().name("calls").register(registry);
  private final Histogram durations =
      Histogram.builder().name("durations").classicOnly().register(registry);

  @Override
  public void record(double seconds) {
    calls.inc();
    durations.observe(seconds);
  }

  @Override
  public String scrape() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExpositionFormats.init().getOpenMetricsTextFormatWriter().write(out, registry.scrape());
    return out.toString("UTF-8");
  }
}
