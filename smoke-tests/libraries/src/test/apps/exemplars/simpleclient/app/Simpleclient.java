package app;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.StringWriter;

/** Prometheus's client below 1. */
public final class Simpleclient implements Meters {
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Counter calls = Counter.build("calls", "Calls.").register(registry);
  private final Histogram durations = Histogram.build("durations", "Durations.").register(registry);

  @Override
  public void record(double seconds) {
    calls.inc();
    durations.observe(seconds);
  }

  @Override
  public String scrape() throws Exception {
    StringWriter text = new StringWriter();
    TextFormat.writeOpenMetrics100(text, registry.metricFamilySamples());
    return text.toString();
  }
}
