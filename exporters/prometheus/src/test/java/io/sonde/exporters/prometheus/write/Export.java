package io.sonde.exporters.prometheus.write;

import static org.junit.jupiter.api.Assertions.fail;

import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Red;
import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import io.sonde.settings.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** A writer under test, started with settings by their environment names. */
final class Export implements RemoteWriter.Surroundings, MetricSource, AutoCloseable {
  /** How many samples a reading has, target_info among them. */
  static final int SAMPLES = 7;

  final List<String> said = new CopyOnWriteArrayList<>();
  final Delivery delivery = new Delivery();
  final AtomicLong calls = new AtomicLong(3);
  final RemoteWriter writer;
  final Thread thread;

  /** To that address, with further settings in pairs of name and value. */
  Export(String url, int intervalMillis, String... environment) {
    this(1 << 20, url, intervalMillis, environment);
  }

  Export(int capacity, String url, int intervalMillis, String... environment) {
    Map<String, String> values = new HashMap<>();
    values.put("SONDE_REMOTE_WRITE_URL", url);
    for (int i = 0; i < environment.length; i += 2) {
      values.put(environment[i], environment[i + 1]);
    }
    Settings settings = new Settings(name -> null, values::get);
    List<Receiver> receivers = Receiver.all(settings);
    if (receivers.isEmpty() || !settings.problems().isEmpty()) {
      throw new IllegalArgumentException(settings.problems().toString());
    }
    writer =
        new RemoteWriter(
            receivers.get(receivers.size() - 1),
            Red.start(10),
            this,
            intervalMillis,
            delivery,
            this,
            new RemoteWriter.Bounds(capacity, 50));
    thread = new Thread(writer, "sonde-write");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void read(MetricReader reader) {
    reader.instrument(new Instrument(Kind.HISTOGRAM, "http.duration", "s", "How long."));
    long count = calls.get();
    Exemplar exemplar = new Exemplar(1, 2, 3, 0.25, System.currentTimeMillis());
    reader.histogram(
        Labels.of("http.route", "/a", "empty", "", "Zone", "b"),
        new Histogram(
            new double[] {0.5}, new long[] {1, count - 1}, 3.5, new Exemplar[] {exemplar, null}));
    reader.instrument(
        new Instrument(Kind.COUNTER, "things", "{thing}", "Things.").since(1_600_000_000_000L));
    reader.number(Labels.NONE, 7);
    reader.instrument(new Instrument(Kind.GAUGE, "load", "1", ""));
    reader.number(Labels.NONE, 0.5);
  }

  long count(Outcome outcome) {
    return delivery.count(outcome);
  }

  /** Waits until something was said: a loss is counted a moment before. */
  void awaitLine() {
    await(() -> !said.isEmpty(), "a line");
  }

  void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("expected " + what + "; " + delivery + "; said: " + said);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public Map<String, Object> resource() {
    return Map.of(
        "service.name", "shop",
        "service.namespace", "demo",
        "service.instance.id", "i-1",
        "host.name", "h");
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
    writer.stop();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
