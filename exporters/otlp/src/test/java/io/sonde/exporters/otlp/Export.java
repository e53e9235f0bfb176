package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.fail;

import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Headers;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.settings.Settings;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** An exporter under test with its queue, started with settings by their environment names. */
final class Export implements SpanExporter.Surroundings, AutoCloseable {
  private static final Headers<Map<String, String>> NONE = (carrier, name) -> null;

  final List<String> said = new CopyOnWriteArrayList<>();
  final Settings settings;
  final SpanQueue queue;
  final SpanExporter exporter;
  final Thread thread;
  final Delivery delivery = new Delivery();
  volatile LongSupplier loadedClasses = () -> 1000;

  /**
   * Settings in pairs of name and value; a batch goes after 50 ms and is tried for half a minute.
   */
  Export(String... environment) {
    this(8192, 512, 30_000, environment);
  }

  Export(int capacity, int batch, long batchTimeout, String... environment) {
    this(capacity, batch, 50, batchTimeout, environment);
  }

  /** One that sends when it is told to, or once a minute. */
  static Export slow(String... environment) {
    return new Export(8192, 512, 60_000, 30_000, environment);
  }

  /** One that looks for spans at these distances. */
  static Export each(long delayMillis, String... environment) {
    return new Export(8192, 512, delayMillis, 30_000, environment);
  }

  private Export(int capacity, int batch, long delay, long batchTimeout, String... environment) {
    settings = settings(environment);
    Target target = Target.of(settings);
    if (target == null) {
      throw new IllegalArgumentException(settings.problems().toString());
    }
    queue = new SpanQueue(capacity, batch);
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext", "baggage"), queue);
    exporter =
        new SpanExporter(
            target, queue, new SpanExporter.Timing(batch, delay, batchTimeout, 50), delivery, this);
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

  /** Ends so many server spans. */
  Export spans(int count) {
    return spans(count, "/cart");
  }

  Export spans(int count, String path) {
    for (int i = 0; i < count; i++) {
      ServerSpan span = ServerSpan.start(Map.of(), NONE, "GET");
      span.target(path, null);
      span.status(200);
      span.exit();
      span.end();
    }
    return this;
  }

  /** How many spans of this exporter had this outcome. */
  long count(Outcome outcome) {
    return delivery.count(outcome);
  }

  /** Waits until so many spans of this exporter had this outcome, and of a loss a line says so. */
  void await(Outcome outcome, long count) {
    await(() -> count(outcome) >= count, count + " " + outcome.text());
    if (outcome != Outcome.EXPORTED) {
      awaitLines(1);
    }
    if (count(outcome) != count) {
      fail("expected " + count + " " + outcome.text() + ": " + counts());
    }
  }

  /** Waits until so many lines were said: a loss is counted a moment before. */
  void awaitLines(int count) {
    await(() -> said.size() >= count, count + " lines");
  }

  void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("expected " + what + ": " + counts() + " said " + said);
      }
      sleep(5);
    }
  }

  private Map<Outcome, Long> counts() {
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, count(outcome));
    }
    return counts;
  }

  static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Map<String, Object> resource() {
    return Map.of("service.name", "shop", "process.pid", 42L);
  }

  @Override
  public long loadedClasses() {
    return loadedClasses.getAsLong();
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
