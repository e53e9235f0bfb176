package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What stays in a span that are too short to be read count as. */
class MeterTest {
  private static final long SHORT = Costs.SHORTEST;

  private final Costs.Meter meter = new Costs.Meter(1, 0, 0, 0);
  private final Counted thread = new Counted();

  /** Counters that the test moves. */
  private static final class Counted implements Costs.Counters {
    long cpu;
    long bytes;
    int readings;

    @Override
    public long cpuNanos() {
      readings++;
      return cpu;
    }

    @Override
    public long bytes() {
      return bytes;
    }
  }

  private long stay(long elapsed, long cpu) {
    thread.cpu += cpu;
    return meter.cpu(thread, elapsed, SHORT);
  }

  private static void assertNear(long expected, long counted) {
    assertTrue(Math.abs(counted - expected) <= 2 * SHORT, counted + " instead of " + expected);
  }

  @Test
  void shortStay_countsAsItsLength_andIsTakenOffAgain() {
    assertEquals(10_000, stay(10_000, 4000));
    assertEquals(0, thread.readings);
    assertEquals(54_000, stay(SHORT, 60_000), "64,000 in all");
    assertEquals(1, thread.readings);
    assertEquals(70_000, stay(SHORT, 70_000));
  }

  @Test
  void longStay_isRead() {
    assertEquals(0, stay(1_000_000_000, 0));
    assertEquals(123_456, stay(1_000_000_000, 123_456));
  }

  /** As with a cache on the same machine. */
  @Test
  void manyShortWaits_whatFollowsIsNotCountedForThem() {
    long given = 0;
    for (int i = 0; i < 10_000; i++) {
      given += stay(40_000, 10_000);
    }
    assertNear(100_000_000, given);
    assertNear(20_000_000, stay(20_000_000, 20_000_000));
  }

  @Test
  void anyStays_theSumIsExact_eachIsNearlySo_readingsAreRare() {
    Random random = new Random(7);
    long given = 0;
    long elapsed = 0;
    for (int i = 0; i < 100_000; i++) {
      long length = random.nextInt(random.nextBoolean() ? 30_000 : 300_000);
      long cpu = random.nextInt(4) == 0 ? 0 : (long) (length * random.nextDouble());
      long counted = stay(length, cpu);
      assertNear(cpu, counted);
      given += counted;
      elapsed += length;
    }
    assertNear(thread.cpu, given);
    assertTrue(thread.readings <= elapsed / SHORT, thread.readings + " readings");
  }

  @Test
  void timeOfNobody_isNotCountedForWhatFollows() {
    thread.cpu = 30_000;
    meter.pass(30_000, SHORT);
    assertEquals(0, thread.readings);
    assertEquals(20_000, stay(SHORT, 20_000));
  }

  /** A thread that waits for requests, of which one in some is read. */
  @Test
  void longTimeOfNobody_isNotOwed() {
    meter.pass(10_000, SHORT);
    meter.pass(1_000_000_000, SHORT);
    thread.cpu = 5000;
    stay(0, 0); // what is read goes to nobody
    assertEquals(1, thread.readings);
    assertNear(20_000_000, stay(20_000_000, 20_000_000));
  }

  @Test
  void bytes_areReadEachTime() {
    thread.bytes = 100;
    assertEquals(100, meter.bytes(thread));
    thread.bytes = 150;
    assertEquals(50, meter.bytes(thread));
  }
}
