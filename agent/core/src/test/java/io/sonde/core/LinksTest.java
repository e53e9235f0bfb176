package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a span's samples are known, and when they are all that it has. */
class LinksTest {
  private static final long PERIOD = 1_000_000;
  private static final long BOUND = 75_000_000_000L;

  private final Recording recording = Recording.all();

  @BeforeEach
  void start() {
    Timeline.start();
    Costs.start(
        new Costs.Counters() {
          @Override
          public long cpuNanos() {
            return -1;
          }

          @Override
          public long bytes() {
            return -1;
          }
        },
        true);
  }

  @AfterEach
  void stop() {
    Links.stop();
    Costs.stop();
    Timeline.stop();
    recording.close();
  }

  private static ServerSpan ended() throws InterruptedException {
    ServerSpan span = begun();
    span.end();
    return span;
  }

  private static ServerSpan begun() throws InterruptedException {
    ServerSpan span = Recording.server();
    Thread.sleep(11);
    span.exit();
    return span;
  }

  private static void read() {
    Links.read(System.nanoTime(), PERIOD, Long.MAX_VALUE);
  }

  private static boolean waits(Span span, long now) {
    return Links.waits(span, now, 0);
  }

  private static Map<String, Object> numbers(Span span) {
    Map<String, Object> numbers = new TreeMap<>(Recording.attributes(span));
    numbers.keySet().removeIf(key -> !key.startsWith("sonde."));
    return numbers;
  }

  @Test
  void held_theSamplesOfAllItsWindowsAreRead_itSaysTheirSum() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 0, true);
    read();
    span.end();
    Links.sampled(span.id(), 6, 0, true);
    assertTrue(waits(span, System.nanoTime()));
    assertEquals(Map.of(), numbers(span), "its last window is missing");
    read();
    assertFalse(waits(span, System.nanoTime()));
    assertEquals(Map.of("sonde.cpu_ns", 11L, "sonde.measured_by", "samples"), numbers(span));
  }

  @Test
  void fast_someSamplesAreKnown_noNumbers() throws Exception {
    Links.start(false, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 100, true);
    read();
    span.end();
    assertEquals(Map.of(), numbers(span));
    assertTrue(Recording.attributes(span).containsKey("pyroscope.profile.id"));
  }

  @Test
  void fast_leavesAfterAllItsWindowsWereRead_itSaysTheSumOfItsSamples() throws Exception {
    Links.start(false, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 100, true);
    read();
    span.end();
    Links.sampled(span.id(), 6, 0, true);
    read();
    assertEquals(
        Map.of("sonde.allocated_bytes", 100L, "sonde.cpu_ns", 11L, "sonde.measured_by", "samples"),
        numbers(span));
  }

  @Test
  void fast_leavesAfterItsWindowWasRead_linkedIfItHasSamples() throws Exception {
    Links.start(false, PERIOD);
    ServerSpan sampled = ended();
    ServerSpan other = ended();
    Links.sampled(sampled.id(), 5, 0, true);
    read();
    assertTrue(Recording.attributes(sampled).containsKey("pyroscope.profile.id"));
    assertFalse(Recording.attributes(other).containsKey("pyroscope.profile.id"));
  }

  /** From a profile that is full the span's id is left out, not the sample. */
  @Test
  void samplesWithoutRoomForTheirSpan_countInItsSum_andDoNotLinkIt() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan some = begun();
    ServerSpan none = begun();
    Links.sampled(some.id(), 5, 0, true);
    Links.sampled(some.id(), 6, 0, false);
    Links.sampled(none.id(), 7, 0, false);
    some.end();
    none.end();
    read();
    assertEquals(11L, numbers(some).get("sonde.cpu_ns"));
    assertEquals(7L, numbers(none).get("sonde.cpu_ns"));
    assertTrue(Recording.attributes(some).containsKey("pyroscope.profile.id"));
    assertFalse(Recording.attributes(none).containsKey("pyroscope.profile.id"));
  }

  @Test
  void held_aWindowOfItWasLost_linkedWithoutNumbers() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 100, true);
    Links.unread(System.nanoTime());
    ServerSpan later = begun();
    span.end();
    later.end();
    Links.sampled(later.id(), 7, 0, true);
    read();
    assertEquals(Map.of(), numbers(span));
    assertEquals(7L, numbers(later).get("sonde.cpu_ns"));
    assertTrue(Recording.attributes(span).containsKey("pyroscope.profile.id"));
  }

  @Test
  void held_soLongThatSamplesAreForgotten_noNumbers() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 100, true);
    for (int i = 0; i < 3; i++) {
      read();
    }
    Links.sampled(span.id(), 5, 100, true);
    span.end();
    read();
    assertEquals(Map.of(), numbers(span));
  }

  @Test
  void held_neverRead_leavesAfterTheBound() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = ended();
    assertTrue(waits(span, span.endNanos() + BOUND));
    assertFalse(waits(span, span.endNanos() + BOUND + 1));
  }

  @Test
  void held_windowLostOrProfilerGone_leavesAtOnce() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = ended();
    assertTrue(waits(span, System.nanoTime()));
    Links.unread(System.nanoTime());
    assertFalse(waits(span, System.nanoTime()));
    ServerSpan second = ended();
    assertTrue(waits(second, System.nanoTime()));
    Links.stop();
    assertFalse(waits(second, System.nanoTime()));
  }
}
