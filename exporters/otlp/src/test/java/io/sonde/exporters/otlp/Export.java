package io.sonde.exporters.otlp;

import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.settings.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An exporter under test with its queue, started with settings by their environment names. */
final class Export implements SpanExporter.Surroundings, AutoCloseable {
  final List<String> said = new CopyOnWriteArrayList<>();
  final Settings settings;
  final SpanQueue queue;
  final SpanExporter exporter;
  final Thread thread;

  /** Settings in pairs of name and value. */
  Export(String... environment) {
    this(8192, 512, 50, 30_000, environment);
  }

  Export(int capacity, int batch, long delay, long batchTimeout, String... environment) {
    settings = settings(environment);
    Target target = Target.of(settings);
    if (target == null) {
      throw new IllegalArgumentException(settings.problems().toString());
    }
    queue = new SpanQueue(capacity, batch);
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext", "baggage"), queue);
    exporter =
        new SpanExporter(target, queue, new SpanExporter.Timing(batch, delay, batchTimeout), this);
    thread = new Thread(exporter, "sonde-export");
    thread.setDaemon(true);
    thread.start();
  }

  static Settings settings(String... environment) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < environment.length; i += 2) {
      values.put(environment[i], environment[i + 1]);
    }
    return new Settings(name -> null, values::get);
  }

  @Override
  public Map<String, Object> resource() {
    return Map.of("service.name", "shop", "process.pid", 42L);
  }

  @Override
  public String version() {
    return "1.2.3";
  }

  @Override
  public void warn(String line) {
    said.add(line);
  }

  @Override
  public void close() {
    exporter.stop();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
