package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How much is asked for of a link, and when samples are all that a span has. */
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

  private static void window(Links.Rule rule, int alive, int dead) {
    rule.alive += alive;
    rule.dead += dead;
    rule.adapt();
  }

  @Test
  void fewLinks_sayNothing_untilTheyAreEnough() {
    Links.Rule rule = new Links.Rule(1000);
    window(rule, 0, 19);
    assertTrue(rule.suits(1000));
    window(rule, 0, 1);
    assertFalse(rule.suits(2999));
    assertTrue(rule.suits(3000));
  }

  @Test
  void moreDead_moreIsAskedFor() {
    Links.Rule rule = new Links.Rule(1000);
    window(rule, 90, 10);
    assertFalse(rule.suits(1199));
    assertTrue(rule.suits(1200));
  }

  @Test
  void someDead_nothingChanges() {
    Links.Rule rule = new Links.Rule(1000);
    window(rule, 93, 7);
    window(rule, 97, 3);
    assertTrue(rule.suits(1000));
    assertFalse(rule.suits(999));
  }

  @Test
  void factor_isBounded_andComesBack() {
    Links.Rule rule = new Links.Rule(1000);
    for (int i = 0; i < 100; i++) {
      window(rule, 0, 20);
    }
    assertFalse(rule.suits(31_999));
    assertTrue(rule.suits(32_000));
    for (int i = 0; i < 200; i++) {
      window(rule, 20, 0);
    }
    assertFalse(rule.suits(499));
    assertTrue(rule.suits(500));
  }

  @Test
  void tooMuchIsAskedFor_noLinks_itComesBack() {
    Links.Rule rule = new Links.Rule(1000);
    for (int i = 0; i < 100; i++) {
      window(rule, 0, 20);
    }
    window(rule, 0, 3);
    for (int i = 1; i < 30; i++) {
      window(rule, 0, 0);
    }
    assertTrue(rule.suits(1000));
    assertFalse(rule.suits(999));
  }

  @Test
  void fewLinks_alive_lessIsAskedFor_deadOnesWaitForMore() {
    Links.Rule rule = new Links.Rule(1000);
    window(rule, 0, 20);
    for (int i = 0; i < 5; i++) {
      window(rule, 0, 1);
    }
    assertFalse(rule.suits(2999));
    window(rule, 15, 0);
    assertFalse(rule.suits(4499), "5 of 20 were dead");
    for (int i = 0; i < 5; i++) {
      window(rule, 1, 0);
    }
    assertTrue(rule.suits(2250));
    assertFalse(rule.suits(2249));
  }

  @Test
  void neverSampled_nothingSuits() {
    assertFalse(new Links.Rule(Long.MAX_VALUE).suits(1L << 40));
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

  private static Map<String, Object> numbers(Span span) {
    Map<String, Object> numbers = new TreeMap<>(Recording.attributes(span));
    numbers.keySet().removeIf(key -> !key.startsWith("sonde."));
    return numbers;
  }

  @Test
  void held_theSamplesOfAllItsWindowsAreRead_itSaysTheirSum() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 0);
    read();
    span.end();
    Links.sampled(span.id(), 6, 0);
    assertTrue(Links.waits(span, System.nanoTime()));
    assertEquals(Map.of(), numbers(span), "its last window is missing");
    read();
    assertFalse(Links.waits(span, System.nanoTime()));
    assertEquals(Map.of("sonde.cpu_ns", 11L, "sonde.measured_by", "samples"), numbers(span));
  }

  @Test
  void fast_someSamplesAreKnown_noNumbers() throws Exception {
    Links.start(false, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 100);
    read();
    span.end();
    assertEquals(Map.of(), numbers(span));
    assertTrue(Recording.attributes(span).containsKey("pyroscope.profile.id"));
  }

  @Test
  void held_aWindowOfItWasLost_linkedWithoutNumbers() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 100);
    Links.unread(System.nanoTime());
    ServerSpan later = begun();
    span.end();
    later.end();
    Links.sampled(later.id(), 7, 0);
    read();
    assertEquals(Map.of(), numbers(span));
    assertEquals(7L, numbers(later).get("sonde.cpu_ns"));
    assertTrue(Recording.attributes(span).containsKey("pyroscope.profile.id"));
  }

  @Test
  void held_soLongThatSamplesAreForgotten_noNumbers() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = begun();
    Links.sampled(span.id(), 5, 100);
    for (int i = 0; i < 3; i++) {
      read();
    }
    Links.sampled(span.id(), 5, 100);
    span.end();
    read();
    assertEquals(Map.of(), numbers(span));
  }

  @Test
  void held_neverRead_leavesAfterTheBound() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = ended();
    assertTrue(Links.waits(span, span.endNanos() + BOUND));
    assertFalse(Links.waits(span, span.endNanos() + BOUND + 1));
  }

  @Test
  void held_windowLostOrProfilerGone_leavesAtOnce() throws Exception {
    Links.start(true, PERIOD);
    ServerSpan span = ended();
    assertTrue(Links.waits(span, System.nanoTime()));
    Links.unread(System.nanoTime());
    assertFalse(Links.waits(span, System.nanoTime()));
    ServerSpan second = ended();
    assertTrue(Links.waits(second, System.nanoTime()));
    Links.stop();
    assertFalse(Links.waits(second, System.nanoTime()));
  }
}
