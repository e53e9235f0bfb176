package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sonde.core.database.Database;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What spans that leave say of their CPU time and bytes, and which of them name their profile. */
class CostsTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Database DATABASE = new Database("h2", "shop", null, 0);
  private static final long PERIOD = 20_000_000;

  @SuppressWarnings("UnusedVariable") // what is stored is allocated
  private static volatile Object sink;

  private final Recording recording = Recording.all();
  private volatile boolean virtual;

  @BeforeEach
  void start() {
    Timeline.start();
    Costs.start(
        new Costs.Counters() {
          @Override
          public long cpuNanos() {
            if (virtual) {
              throw new UnsupportedOperationException("dear");
            }
            return THREADS.getCurrentThreadCpuTime();
          }

          @Override
          public long bytes() {
            return virtual ? -1 : THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
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

  @Test
  void nested_eachHasItsOwn_sleepIsNoCpuTime() throws Exception {
    long start = THREADS.getCurrentThreadCpuTime();
    ServerSpan server = Recording.server();
    burn(20);
    sink = new byte[1 << 20];
    DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
    long entered = THREADS.getCurrentThreadCpuTime();
    query.enter();
    burn(10);
    sink = new byte[3 << 20];
    TimeUnit.MILLISECONDS.sleep(100);
    query.leave();
    long left = THREADS.getCurrentThreadCpuTime();
    query.end();
    server.exit();
    long end = THREADS.getCurrentThreadCpuTime();
    server.end();
    Map<String, Object> inner = Recording.attributes(query);
    Map<String, Object> outer = Recording.attributes(server);
    assertNear(left - entered, inner.get("sonde.cpu_ns"));
    assertNear(entered - start + end - left, outer.get("sonde.cpu_ns"));
    assertNear(3 << 20, inner.get("sonde.allocated_bytes"));
    assertNear(1 << 20, outer.get("sonde.allocated_bytes"));
    assertEquals("counters", inner.get("sonde.measured_by"));
  }

  @Test
  void hop_isCounted() throws Exception {
    long start = THREADS.getCurrentThreadCpuTime();
    ServerSpan server = Recording.server();
    burn(10);
    AtomicLong elsewhere = new AtomicLong();
    Thread other =
        new Thread(
            () -> {
              long entered = THREADS.getCurrentThreadCpuTime();
              server.enter();
              burn(10);
              sink = new byte[1 << 20];
              server.leave();
              elsewhere.set(THREADS.getCurrentThreadCpuTime() - entered);
            });
    other.start();
    other.join();
    server.exit();
    long here = THREADS.getCurrentThreadCpuTime() - start;
    server.end();
    assertNear(here + elsewhere.get(), Recording.attributes(server).get("sonde.cpu_ns"));
    assertNear(1 << 20, Recording.attributes(server).get("sonde.allocated_bytes"));
  }

  /** It need not enter or leave anything for that. */
  @Test
  void virtualThreadThatBeganInTheSpan_noNumbers() throws Exception {
    ServerSpan server = Recording.server();
    burn(5);
    Thread other = new Thread(Hop.announcing(() -> {}));
    virtual = true;
    other.start();
    other.join();
    virtual = false;
    server.exit();
    server.end();
    assertNull(Recording.attributes(server).get("sonde.cpu_ns"));
  }

  /** Too short to be read one by one, they add up to what was read. */
  @Test
  void shortStays_addUp() {
    ServerSpan server = Recording.server();
    long before = THREADS.getCurrentThreadCpuTime();
    long sum = 0;
    for (int i = 0; i < 2000; i++) {
      DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
      query.enter();
      spin(10_000);
      query.leave();
      query.end();
      sum += (long) Recording.attributes(query).get("sonde.cpu_ns");
      recording.left();
    }
    long taken = THREADS.getCurrentThreadCpuTime() - before;
    server.exit();
    server.end();
    sum += (long) Recording.attributes(server).get("sonde.cpu_ns");
    assertTrue(sum > taken * 0.9 && sum < taken * 1.1, sum + " of " + taken);
  }

  /** That of servers' spans; a call is mostly a wait. */
  @Test
  void noCounters_noNumbers_andTheLengthDecidesOfTheLink() {
    virtual = true;
    Links.start(false, 10_000);
    for (int window = 0; window < 2; window++) {
      for (int i = 0; i < 45; i++) {
        ServerSpan server = burnt(1);
        assertNull(Recording.attributes(server).get("pyroscope.profile.id"), "nobody knows yet");
        Links.sampled(server.id(), PERIOD, 0, true);
      }
      Links.read(System.nanoTime(), 20_000, Long.MAX_VALUE);
    }
    ServerSpan alike = burnt(1);
    while (alike.endNanos() - alike.startNanos() > 3_000_000) {
      alike = burnt(1); // on a busy machine it may have lasted
    }
    Map<String, Object> attributes = Recording.attributes(alike);
    assertNull(attributes.get("sonde.cpu_ns"));
    assertNotNull(attributes.get("pyroscope.profile.id"));
    ServerSpan server = Recording.server();
    server.exit();
    DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
    query.enter();
    burn(1);
    query.leave();
    query.end();
    server.end();
    assertNull(Recording.attributes(query).get("pyroscope.profile.id"));
  }

  @Test
  void fast_deadLinks_moreIsAskedFor() {
    long dead = Links.dead();
    Links.start(false, 200_000);
    for (int i = 0; i < 10; i++) {
      assertTrue(Recording.attributes(burnt(2)).containsKey("pyroscope.profile.id"));
    }
    Links.read(System.nanoTime(), 200_000, Long.MAX_VALUE);
    assertFalse(Recording.attributes(burnt(2)).containsKey("pyroscope.profile.id"));
    assertEquals(dead + 10, Links.dead());
  }

  /** As long as they are sampled in the same way. */
  @Test
  void fast_bytesThatHadSamples_areLinked() {
    Links.start(false, PERIOD);
    Links.read(System.nanoTime(), PERIOD, 100_000);
    for (int window = 0; window < 2; window++) {
      for (int i = 0; i < 45; i++) {
        ServerSpan server = allocated();
        assertFalse(Recording.attributes(server).containsKey("pyroscope.profile.id"));
        Links.sampled(server.id(), 0, 100_000, true);
      }
      Links.read(System.nanoTime(), PERIOD, 100_000);
    }
    assertTrue(Recording.attributes(allocated()).containsKey("pyroscope.profile.id"));
    Links.read(System.nanoTime(), PERIOD, Long.MAX_VALUE);
    assertFalse(Recording.attributes(allocated()).containsKey("pyroscope.profile.id"));
    Links.read(System.nanoTime(), PERIOD, 100_000);
    assertFalse(Recording.attributes(allocated()).containsKey("pyroscope.profile.id"));
  }

  private static ServerSpan allocated() {
    ServerSpan server = Recording.server();
    sink = new byte[200_000];
    server.exit();
    server.end();
    return server;
  }

  @Test
  void held_linkedAreThoseWithSamples() {
    Links.start(true, PERIOD);
    ServerSpan sampled = burnt(2);
    ServerSpan other = burnt(25);
    ServerSpan small = burnt(0);
    assertTrue(Links.waits(sampled, System.nanoTime(), 0));
    assertTrue(Links.waits(other, System.nanoTime(), 0));
    assertFalse(Links.waits(small, System.nanoTime(), 0));
    Links.sampled(sampled.id(), PERIOD, 100, true);
    Links.read(System.nanoTime(), PERIOD, Long.MAX_VALUE);
    assertFalse(Links.waits(sampled, System.nanoTime(), 0));
    assertFalse(Links.waits(other, System.nanoTime(), 0));
    assertTrue(Recording.attributes(sampled).containsKey("pyroscope.profile.id"));
    assertFalse(Recording.attributes(other).containsKey("pyroscope.profile.id"));
  }

  @Test
  void held_noCounters_samplesSay() {
    virtual = true;
    Links.start(true, PERIOD);
    ServerSpan server = burnt(12);
    Links.sampled(server.id(), PERIOD, 0, true);
    Links.sampled(server.id(), 0, 5000, true);
    Links.read(System.nanoTime(), PERIOD, Long.MAX_VALUE);
    Map<String, Object> attributes = Recording.attributes(server);
    assertEquals(PERIOD, attributes.get("sonde.cpu_ns"));
    assertEquals(5000L, attributes.get("sonde.allocated_bytes"));
    assertEquals("samples", attributes.get("sonde.measured_by"));
  }

  @Test
  void thinned_someTracesAreCountedInAllTheirSpans() {
    Costs.thin(2);
    int counted = 0;
    for (int i = 0; i < 400; i++) {
      ServerSpan server = Recording.server();
      DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
      query.enter();
      sink = new byte[100_000];
      query.leave();
      query.end();
      server.exit();
      server.end();
      Object bytes = Recording.attributes(query).get("sonde.allocated_bytes");
      assertEquals(bytes != null, Recording.attributes(server).containsKey("sonde.cpu_ns"));
      if (bytes != null) {
        assertNear(100_000, bytes);
        counted++;
      }
      recording.left();
    }
    assertTrue(counted > 40 && counted < 160, counted + " of 400");
  }

  @Test
  void thinned_whatWasNotReadCountsForNobody() throws Exception {
    Costs.thin(1);
    int counted = 0;
    for (int i = 0; i < 20; i++) {
      Object cpu = Recording.attributes(burnt(10)).get("sonde.cpu_ns");
      TimeUnit.MILLISECONDS.sleep(20);
      if (cpu != null) {
        assertNear(10_000_000, cpu);
        counted++;
      }
    }
    assertTrue(counted > 0 && counted < 20, counted + " of 20");
  }

  @Test
  void thinnedInTheMiddleOfATrace_itGoesOnAsItBegan() {
    for (int[] steps : new int[][] {{0, 30}, {30, 0}}) {
      Costs.thin(steps[0]);
      ServerSpan server = Recording.server();
      Costs.thin(steps[1]);
      DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
      query.enter();
      query.leave();
      query.end();
      server.exit();
      server.end();
      assertEquals(steps[0] == 0, Recording.attributes(query).containsKey("sonde.cpu_ns"));
      assertEquals(steps[0] == 0, Recording.attributes(server).containsKey("sonde.cpu_ns"));
    }
  }

  @Test
  void thinned_requestThatIsNotCounted_waitsForItsSamples() {
    Costs.thin(30);
    Links.start(false, PERIOD);
    ServerSpan server = Recording.server();
    DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
    query.end();
    server.exit();
    server.end();
    assertTrue(Links.waits(server, System.nanoTime(), 10_000_000_000L));
    boolean isLong = query.endNanos() - query.startNanos() >= 10_000_000; // on a busy machine
    assertEquals(isLong, Links.waits(query, System.nanoTime(), 10_000_000_000L));
    Links.sampled(server.id(), PERIOD, 5000, true);
    Links.read(System.nanoTime(), PERIOD, Long.MAX_VALUE);
    Map<String, Object> attributes = Recording.attributes(server);
    assertTrue(attributes.containsKey("pyroscope.profile.id"));
    assertEquals(PERIOD, attributes.get("sonde.cpu_ns"));
    assertEquals("samples", attributes.get("sonde.measured_by"));
    assertFalse(Recording.attributes(query).containsKey("sonde.cpu_ns"));
  }

  @Test
  void off_nothing() {
    Costs.stop();
    ServerSpan server = burnt(1);
    assertFalse(
        Recording.attributes(server).keySet().stream().anyMatch(k -> k.startsWith("sonde")));
  }

  private static ServerSpan burnt(long millis) {
    ServerSpan server = Recording.server();
    burn(millis);
    server.exit();
    server.end();
    return server;
  }

  private static void assertNear(long expected, Object value) {
    double ratio = (double) (long) value / expected;
    assertTrue(ratio > 0.8 && ratio < 1.2, value + " instead of " + expected);
  }

  /** Takes so much CPU time, however busy the machine is. */
  private static void burn(long millis) {
    long end = THREADS.getCurrentThreadCpuTime() + millis * 1_000_000;
    while (THREADS.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
  }

  private static void spin(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
