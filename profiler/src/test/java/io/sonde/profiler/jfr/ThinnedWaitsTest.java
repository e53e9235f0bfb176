package io.sonde.profiler.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.profiler.AllocatedBytes;
import io.sonde.profiler.Folder;
import io.sonde.profiler.FreshGovernor;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Join;
import io.sonde.profiler.Plan;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import io.sonde.settings.Settings;
import io.sonde.testing.ReceivedProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits add up to of which Flight Recorder has recorded those of a part of the window. */
class ThinnedWaitsTest {
  private static final int EACH = 5;
  private static final int PARTS = 4;
  private static final long SHORT_MILLIS = 20;
  private static final long LONG_MILLIS = 1100;

  /** What two clocks may differ by in a wait. */
  private static final double ASIDE_NANOS = 2e6;

  private static final Gate GATE = new Gate();
  private static volatile boolean enters;
  private static volatile long waited;

  private final Plan plan = new Plan(new Settings(name -> null, name -> null), false, false);
  private final Governor governor = FreshGovernor.of(plan);
  private final Turn waits = new Turn(governor, Governor.Kind.WAITS);

  @TempDir Path folder;

  /** What is waited for: its name tells its waits from others. */
  private static final class Gate {}

  /** How many waits, and what they took at the least and at the most. */
  private record Waits(int count, double least, double most) {
    Waits times(int weight) {
      return new Waits(count * weight, least * weight, most * weight);
    }

    Waits and(Waits other) {
      return new Waits(count + other.count, least + other.least, most + other.most);
    }
  }

  @Test
  void waitsOfThePart_standForTheWindow_andLongOnesForThemselves() throws Exception {
    try (Folder files = Folder.open(folder.toString())) {
      Recordings recordings =
          new Recordings(plan, new EventSettings(plan, governor, AllocationMode.SAMPLED), files);
      try {
        WindowReader reader = reader();
        waits.begin(recordings.begun());
        Waits inside = wait(EACH, SHORT_MILLIS);
        Thread.sleep(SHORT_MILLIS);
        recordings.end(Governor.Kind.WAITS);
        long ended = System.nanoTime();
        waits.end(ended);
        long window = PARTS * (ended - recordings.begun());
        wait(EACH, SHORT_MILLIS); // of which nothing is to be seen
        Waits rare = wait(1, LONG_MILLIS);
        Thread.sleep(SHORT_MILLIS); // a thread that ends writes its events a moment later
        ReceivedProfile first = read(reader, recordings.rotate(), window);
        assertEquals(PARTS * EACH + 1, first.sum(0, ThinnedWaitsTest::isOurs), first::toString);
        is(inside.times(PARTS).and(rare), first.sum(1, ThinnedWaitsTest::isOurs));

        waits.begin(recordings.begun());
        Waits again = wait(EACH, SHORT_MILLIS);
        Thread.sleep(SHORT_MILLIS);
        ReceivedProfile second = read(reader, recordings.rotate(), window);
        assertEquals(EACH, second.sum(0, ThinnedWaitsTest::isOurs), second::toString);
        is(again, second.sum(1, ThinnedWaitsTest::isOurs));
      } finally {
        recordings.stop();
      }
    }
  }

  private static void is(Waits waits, long nanos) {
    double aside = waits.count * ASIDE_NANOS;
    String seen = nanos / 1e6 + " ms of " + waits;
    assertTrue(nanos > waits.least - aside && nanos < waits.most + aside, seen);
  }

  private WindowReader reader() {
    return new WindowReader(
        governor,
        new Join(),
        new CpuTimes(false),
        new Duty(new AllocatedBytes(), governor, plan.windowNanos, false),
        waits,
        new Turn(governor, Governor.Kind.EXCEPTIONS),
        plan);
  }

  private ReceivedProfile read(WindowReader reader, Path file, long windowNanos) throws Exception {
    for (Profile profile : reader.read(file, plan.cpuPeriodNanos, windowNanos, 0)) {
      if (profile.type() == ProfileType.MUTEX) {
        Files.delete(file);
        return ReceivedProfile.of(Map.of("__name__", "test"), profile.encode(1, windowNanos));
      }
    }
    throw new AssertionError("no waits");
  }

  /** Other tests of this JVM wait too; where the stack is not known the class is. */
  private static boolean isOurs(ReceivedProfile.Sample sample) {
    return sample.stack().stream()
        .map(ReceivedProfile.Frame::name)
        .anyMatch(
            name ->
                name.contains("ThinnedWaitsTest.enter") || name.contains("ThinnedWaitsTest$Gate"));
  }

  private static Waits wait(int count, long millis) throws InterruptedException {
    Waits all = new Waits(0, 0, 0);
    for (int i = 0; i < count; i++) {
      Tick.emit();
      long held = hold(millis);
      assumeTrue(waited < 900e6 || millis == LONG_MILLIS, "the machine stood still for a second");
      all = all.and(new Waits(1, held, waited));
    }
    return all;
  }

  /** Until a thread has waited for so long; for how long it has at the least. */
  private static long hold(long millis) throws InterruptedException {
    Thread thread = new Thread(ThinnedWaitsTest::enter);
    long held;
    synchronized (GATE) {
      enters = false;
      thread.start();
      while (!enters || thread.getState() != Thread.State.BLOCKED) {
        Thread.sleep(1);
      }
      long begun = System.nanoTime();
      Thread.sleep(millis);
      held = System.nanoTime() - begun;
    }
    thread.join();
    return held;
  }

  private static void enter() {
    enters = true;
    long begun = System.nanoTime();
    synchronized (GATE) {
      waited = System.nanoTime() - begun;
    }
  }
}
