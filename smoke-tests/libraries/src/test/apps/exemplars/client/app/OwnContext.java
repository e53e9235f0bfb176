package app;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import io.prometheus.metrics.tracer.initializer.SpanContextSupplier;
import java.io.ByteArrayOutputStream;

/** An application that says itself which span is current. */
public final class OwnContext implements Meters, SpanContext {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter calls = Counter.builder().name("calls").register(registry);

  @Override
  public void record(double seconds) {
    SpanContextSupplier.setSpanContext(this);
    calls.inc();
    SpanContextSupplier.setSpanContext(null);
  }

  @Override
  public String scrape() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExpositionFormats.init().getOpenMetricsTextFormatWriter().write(out, registry.scrape());
    return out.toString("UTF-8");
  }

  @Override
  public String getCurrentTraceId() {
    return "0123456789abcdef0123456789abcdef";
  }

  @Override
  public String getCurrentSpanId() {
    return "0123456789abcdef";
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return true;
  }

  @Override
  public void markCurrentSpanAsExemplar() {}
}
