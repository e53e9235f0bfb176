package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sonde.core.Links;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.Span;
import io.sonde.core.SpanQueue;
import io.sonde.core.Timeline;
import io.sonde.core.Tracing;
import io.sonde.settings.Settings;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What spans get where the application switched the JVM's counters off. */
class SpanNumbersTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long PERIOD = 20_000_000;

  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void start() {
    Tracing.start(Sampler.on(true), Propagation.of("none"), new SpanQueue(8, 8));
    Timeline.start();
  }

  @AfterEach
  void stop() {
    SpanNumbers.stop();
    Timeline.stop();
    Tracing.stop();
    THREADS.setThreadCpuTimeEnabled(true);
    THREADS.setThreadAllocatedMemoryEnabled(true);
  }

  private void start(String links) {
    Map<String, String> set = Map.of("SONDE_PROFILER_LINKS", links);
    SpanNumbers.start(new Plan(new Settings(name -> null, set::get), true, false), said::add);
  }

  private static ServerSpan ended() throws InterruptedException {
    return ended(25);
  }

  private static ServerSpan ended(long millis) throws InterruptedException {
    ServerSpan span = ServerSpan.start("", (request, name) -> null, "GET");
    Thread.sleep(millis);
    span.exit();
    span.end();
    return span;
  }

  private static Map<String, Object> attributes(Span span) {
    Map<String, Object> attributes = new HashMap<>();
    span.attributes(
        new Span.Out() {
          @Override
          public void attribute(String key, Object value) {
            attributes.put(key, value);
          }

          @Override
          public void attribute(String key, long value) {
            attributes.put(key, value);
          }
        });
    return attributes;
  }

  @Test
  void counters_nothingIsSaid() throws Exception {
    start("fast");
    Map<String, Object> attributes = attributes(ended());
    assertEquals("counters", attributes.get("sonde.measured_by"));
    assertNotNull(attributes.get("sonde.allocated_bytes"));
    assertEquals(List.of(), said);
  }

  @Test
  void noCpuTime_held_samplesDo() throws Exception {
    THREADS.setThreadCpuTimeEnabled(false);
    start("held");
    ServerSpan span = ended();
    assertTrue(Links.waits(span, System.nanoTime(), 0));
    Links.sampled(span.id(), PERIOD, 0, true);
    Links.read(System.nanoTime(), PERIOD, Long.MAX_VALUE);
    assertFalse(Links.waits(span, System.nanoTime(), 0));
    Map<String, Object> attributes = attributes(span);
    assertEquals("samples", attributes.get("sonde.measured_by"));
    assertEquals(PERIOD, attributes.get("sonde.cpu_ns"));
    assertNotNull(attributes.get("pyroscope.profile.id"));
    assertEquals(
        List.of(
            "the CPU time of threads is not counted (switched off in this JVM): spans say what"
                + " their samples add up to"),
        said);
  }

  @Test
  void noCpuTime_fast_linkedByLength() throws Exception {
    THREADS.setThreadCpuTimeEnabled(false);
    start("fast");
    assertNull(attributes(ended()).get("pyroscope.profile.id"), "nothing is known yet");
    windowInWhichEachHasSamples(); // says how far apart they are
    windowInWhichEachHasSamples();
    windowInWhichEachHasSamples();
    Map<String, Object> attributes = attributes(ended());
    assertNotNull(attributes.get("pyroscope.profile.id"));
    assertNull(attributes.get("sonde.measured_by"));
    assertEquals(1, said.size());
  }

  private static void windowInWhichEachHasSamples() throws InterruptedException {
    long distance = 1_000_000;
    for (int i = 0; i < 40; i++) {
      ServerSpan span = ended(2);
      attributes(span);
      Links.sampled(span.id(), distance, 0, true);
    }
    Links.read(System.nanoTime(), distance, Long.MAX_VALUE);
  }

  @Test
  void noBytes_cpuTimeAlone() throws Exception {
    THREADS.setThreadAllocatedMemoryEnabled(false);
    start("fast");
    Map<String, Object> attributes = attributes(ended());
    assertEquals("counters", attributes.get("sonde.measured_by"));
    assertNotNull(attributes.get("sonde.cpu_ns"));
    assertNull(attributes.get("sonde.allocated_bytes"));
    assertEquals(
        List.of(
            "the bytes of threads are not counted: no span says what it allocated, or is linked"
                + " for it"),
        said);
  }
}
