package io.sonde.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sonde.core.Delivery;
import io.sonde.core.Red;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is shown of the rest where something cannot be read. */
@Timeout(60)
class AllMetricsTest {
  /** What a reading may take, which a busy machine may hold up. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Instrument VALUE = new Instrument(Kind.GAUGE, "value", "", "");

  @Test
  void error_ofOneSource_leavesTheOthers_isCountedAndSaidOnce() {
    Agent agent = new Agent();
    AllMetrics all =
        all(
            reader -> {
              throw new AssertionError("as it may happen");
            },
            agent);
    all.read(new Seen());
    Seen seen = new Seen();
    all.read(seen);
    assertTrue(seen.values.containsKey("jvm.thread.count"), seen.values::toString);
    assertEquals(2.0, seen.values.get("sonde.metrics.unread calls failed"));
    assertEquals(
        List.of("metrics of calls cannot be read: java.lang.AssertionError"), agent.warnings);
  }

  @Test
  void reader_thatIsGone_isNoFailureOfASource() {
    Agent agent = new Agent();
    AllMetrics all = all(reader -> reader.instrument(VALUE), agent);
    Seen gone =
        new Seen() {
          @Override
          public void instrument(Instrument instrument) {
            throw new UncheckedIOException(new IOException("Broken pipe"));
          }
        };
    assertThrows(UncheckedIOException.class, () -> all.read(gone));
    assertEquals(List.of(), agent.warnings);
  }

  @Test
  void source_thatBlocks_isReadOnce_andShownAsItWas() throws Exception {
    Agent agent = new Agent();
    Unread unread = new Unread(agent);
    AtomicInteger readings = new AtomicInteger();
    CountDownLatch blocked = new CountDownLatch(1);
    MetricSource source =
        reader -> {
          int reading = readings.incrementAndGet();
          if (reading == 2) {
            awaits(blocked);
          }
          reader.instrument(VALUE);
          reader.number(Labels.NONE, reading);
        };
    Apart apart = new Apart("pools", source, agent, unread, LONGEST_NANOS);
    assertEquals(1.0, value(apart));
    assertEquals(1.0, value(apart)); // the second reading blocks
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      assertEquals(1.0, value(apart));
    }
    assertTrue(System.nanoTime() - start < 5 * LONGEST_NANOS, "waited each time");
    assertEquals(2, readings.get());
    assertEquals(2, agent.started.size());
    Seen health = new Seen();
    unread.read(health);
    assertEquals(11.0, health.values.get("sonde.metrics.unread pools late"));
    assertEquals(1, agent.warnings.size());
    blocked.countDown();
    agent.started.get(1).join();
    assertEquals(3.0, value(apart));
    agent.started.get(2).join();
    assertFalse(agent.started.stream().anyMatch(Thread::isAlive));
  }

  @Test
  void source_thatThrows_isShownAsItWas() {
    Agent agent = new Agent();
    AtomicInteger readings = new AtomicInteger();
    MetricSource source =
        reader -> {
          if (readings.incrementAndGet() == 2) {
            throw new StackOverflowError();
          }
          reader.instrument(VALUE);
          reader.number(Labels.NONE, readings.get());
        };
    Apart apart = new Apart("beans", source, agent, new Unread(agent));
    assertEquals(1.0, value(apart));
    assertEquals(1.0, value(apart));
    assertEquals(3.0, value(apart));
  }

  @Test
  void descriptors_thatCannotBeCounted_leaveTheirLimit() {
    UnixOperatingSystemMXBean full =
        (UnixOperatingSystemMXBean)
            Proxy.newProxyInstance(
                AllMetricsTest.class.getClassLoader(),
                new Class<?>[] {UnixOperatingSystemMXBean.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("getOpenFileDescriptorCount")) {
                    throw new InternalError(
                        "errno: 24 error: Unable to open directory /proc/self/fd");
                  }
                  return 1024L;
                });
    Seen seen = new Seen();
    new JvmResources(full).read(seen);
    assertEquals(1024.0, seen.values.get("jvm.file_descriptor.limit"));
    assertFalse(seen.values.containsKey("jvm.file_descriptor.count"));
  }

  private static AllMetrics all(MetricSource calls, Agent agent) {
    AgentMetrics own = new AgentMetrics(new Delivery(), null, List.of(), Red.start(100));
    return new AllMetrics(calls, own, null, agent);
  }

  private static double value(Apart apart) {
    Seen seen = new Seen();
    apart.begin().read(seen);
    return seen.values.getOrDefault("value", Double.NaN);
  }

  private static void awaits(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static class Seen implements MetricReader {
    final Map<String, Double> values = new TreeMap<>();
    private String metric = "";

    @Override
    public void instrument(Instrument instrument) {
      metric = instrument.name;
    }

    @Override
    public void number(Labels labels, long value) {
      number(labels, (double) value);
    }

    @Override
    public void number(Labels labels, double value) {
      StringBuilder name = new StringBuilder(metric);
      for (int i = 0; i < labels.size() && metric.startsWith("sonde.metrics"); i++) {
        name.append(' ').append(labels.value(i));
      }
      values.put(name.toString(), value);
    }

    @Override
    public void histogram(Labels labels, Histogram histogram) {}
  }

  static final class Agent implements Metrics.Surroundings {
    final List<Thread> started = new ArrayList<>();
    final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void start(String name, Runnable work) {
      throw new AssertionError("no thread that stays");
    }

    @Override
    public void startBriefly(String name, Runnable work) {
      Thread thread = new Thread(work, name);
      started.add(thread);
      thread.start();
    }

    @Override
    public List<OwnThread> threads() {
      return List.of();
    }

    @Override
    public Map<String, Object> resource() {
      return Map.of();
    }

    @Override
    public String version() {
      return "1";
    }

    @Override
    public long loadedClasses() {
      return 0;
    }

    @Override
    public void warn(String line) {
      warnings.add(line);
    }
  }
}
