package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import io.sonde.testing.ReceivedProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is answered of the windows that end while somebody waits. */
final class PullsTest {
  private static final long MILLI = 1_000_000;

  private final Pulls pulls = new Pulls();

  private static <T> FutureTask<T> start(Callable<T> asking) {
    FutureTask<T> task = new FutureTask<>(asking);
    Thread thread = new Thread(task, "asker");
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  private static Profile profile(ProfileType type, long first, long second) {
    Profile profile = new Profile(type);
    int frame = profile.frame("com.acme.Shop", "price", null, null, 42, FrameKind.JAVA);
    profile.add(profile.stack(new int[] {frame}, 1, false), 1, 2, 3, null, first, second);
    return profile;
  }

  private void window(long from, long to, Profile... profiles) {
    pulls.window(from * MILLI, to * MILLI, List.of(profiles));
  }

  /** As the engine asks, of a window that began then. */
  private void awaitAwaited(long from) throws InterruptedException {
    for (int i = 0; i < 500 && !pulls.isAwaited(from * MILLI); i++) {
      Thread.sleep(10);
    }
    assertTrue(pulls.isAwaited(from * MILLI));
  }

  private static ReceivedProfile read(byte[] pprof) {
    return ReceivedProfile.of(Map.of("__name__", "x"), pprof);
  }

  private static long value(byte[] pprof, int index) {
    return read(pprof).samples().stream().mapToLong(s -> s.values().get(index)).sum();
  }

  @Test
  void next_isWhatBeganAfterwards_inTwoWindowsOrOne() throws Exception {
    long before = System.currentTimeMillis() - 5000;
    FutureTask<byte[]> asking = start(() -> pulls.next(Pulled.PROFILE, 400, () -> true));
    awaitAwaited(before);
    long cut = System.currentTimeMillis();
    window(before, cut, profile(ProfileType.CPU, 1000, 0));
    assertFalse(pulls.isAwaited(cut * MILLI), "not before its time is over");
    window(cut, cut + 100, profile(ProfileType.CPU, 20, 0), profile(ProfileType.MUTEX, 9, 9));
    awaitAwaited(cut + 100);
    window(cut + 100, cut + 500, profile(ProfileType.CPU, 30, 0));
    byte[] answer = asking.get(10, TimeUnit.SECONDS);
    assertEquals(50, value(answer, 0));
    assertEquals("0000000000000001", read(answer).samples().get(0).label("span_id"));
    assertEquals(500 * MILLI, read(answer).durationNanos());
    assertFalse(pulls.isAwaited(before * MILLI));
  }

  /** The profile of a minute that the application's own recording does not let anybody cut. */
  @Test
  void windowsAreRare_theOneUnderWayIsTheAnswer() throws Exception {
    pulls.rare(true);
    long before = System.currentTimeMillis() - 50_000;
    FutureTask<byte[]> asking = start(() -> pulls.next(Pulled.PROFILE, 200, () -> true));
    awaitAwaited(before);
    window(before, before + 60_000, profile(ProfileType.CPU, 1000, 0));
    byte[] answer = asking.get(10, TimeUnit.SECONDS);
    assertEquals(1000, value(answer, 0));
    assertEquals(60_000 * MILLI, read(answer).durationNanos());
    assertTrue(pulls.late().contains("Flight Recorder"), pulls.late());
  }

  @Test
  void total_addsUpFromTheFirstRequestOn_withoutSpans() throws Exception {
    window(1, 2, profile(ProfileType.ALLOC_IN_NEW_TLAB, 500, 500));
    long before = System.currentTimeMillis() - 100;
    FutureTask<byte[]> asking = start(() -> pulls.total(Pulled.ALLOCS, () -> true));
    awaitAwaited(before);
    long cut = System.currentTimeMillis();
    window(
        cut,
        cut + 1000,
        profile(ProfileType.ALLOC_IN_NEW_TLAB, 1, 100),
        profile(ProfileType.ALLOC_OUTSIDE_TLAB, 2, 200));
    assertEquals(300, value(asking.get(10, TimeUnit.SECONDS), 1));
    window(cut + 1000, cut + 2000, profile(ProfileType.ALLOC_OUTSIDE_TLAB, 4, 400));
    assertFalse(pulls.isAwaited(cut * MILLI), "nobody waits");
    byte[] answer = pulls.total(Pulled.ALLOCS, () -> false);
    assertNotNull(answer);
    assertEquals(7, value(answer, 0));
    assertEquals(700, value(answer, 1));
    assertEquals("", read(answer).samples().get(0).label("span_id"));
    assertArrayEquals(answer, pulls.total(Pulled.ALLOCS, () -> false));
  }

  /** Alloy's scraper knows a stack by nothing else, and takes off what it had the time before. */
  @Test
  void total_eachFrameHasAnAddressOfItsOwn_theSameInEachAnswer() throws Exception {
    FutureTask<byte[]> asking = start(() -> pulls.total(Pulled.ALLOCS, () -> true));
    awaitAwaited(System.currentTimeMillis() - 100);
    long cut = System.currentTimeMillis();
    window(cut, cut + 1000, allocated("price", 42, "price", 43));
    Map<String, Long> first = addresses(asking.get(10, TimeUnit.SECONDS));
    window(cut + 1000, cut + 2000, allocated("order", 42, "price", 42));
    Map<String, Long> second = addresses(pulls.total(Pulled.ALLOCS, () -> false));
    assertEquals(3, Set.copyOf(second.values()).size(), second::toString);
    assertFalse(second.containsValue(0L), second::toString);
    assertEquals(first, Map.of("42price", second.get("42price"), "43price", second.get("43price")));
  }

  /** A JVM's life has more stacks than a window, and what finds no room in it is said. */
  @Test
  void total_hasRoomForManyWindows_thenSaysWhatWasFolded() throws Exception {
    FutureTask<byte[]> asking = start(() -> pulls.total(Pulled.ALLOCS, () -> true));
    awaitAwaited(System.currentTimeMillis() - 100);
    long at = System.currentTimeMillis();
    window(at, at + 1000, manyStacks(0));
    assertEquals(10_000, read(asking.get(10, TimeUnit.SECONDS)).samples().size());
    for (int i = 1; i < 6; i++) {
      window(at + 1000L * i, at + 1000L * (i + 1), manyStacks(10_000 * i));
    }
    ReceivedProfile total = total();
    assertEquals(60_000, total.samples().size());
    assertEquals("", total.comment());
    window(at + 6000, at + 7000, manyStacks(60_000));
    total = total();
    assertEquals(64_000, total.samples().size());
    assertEquals(70_000, total.sum(0, sample -> true));
    long other = total.sum(0, sample -> sample.has("[other]"));
    assertEquals(6001, other);
    assertTrue(total.comment().contains(" " + other + " samples"), total::comment);
  }

  private ReceivedProfile total() throws InterruptedException {
    byte[] answer = pulls.total(Pulled.ALLOCS, () -> false);
    assertNotNull(answer);
    return read(answer);
  }

  /** 10,000 stacks of three frames each. */
  private static Profile manyStacks(int from) {
    Profile profile = new Profile(ProfileType.ALLOC_IN_NEW_TLAB);
    int[] frames = new int[3];
    for (int i = from; i < from + 10_000; i++) {
      for (int at = 0, rest = i; at < frames.length; at++, rest /= 100) {
        frames[at] =
            profile.frame("com.acme.Shop", "at" + at, null, null, rest % 100, FrameKind.JAVA);
      }
      profile.add(profile.stack(frames, frames.length, false), 0, 0, 0, null, 1, 100);
    }
    return profile;
  }

  private static Profile allocated(String one, int line, String other, int otherLine) {
    Profile profile = new Profile(ProfileType.ALLOC_IN_NEW_TLAB);
    int[] frames = {
      profile.frame("com.acme.Shop", one, "()V", null, line, FrameKind.JAVA),
      profile.frame("com.acme.Shop", other, "()V", null, otherLine, FrameKind.JAVA)
    };
    profile.add(profile.stack(frames, 2, false), 0, 0, 0, null, 1, 100);
    return profile;
  }

  private static Map<String, Long> addresses(byte[] pprof) {
    Map<String, Long> all = new HashMap<>();
    for (ReceivedProfile.Sample sample : read(pprof).samples()) {
      for (ReceivedProfile.Frame frame : sample.stack()) {
        all.put(frame.line() + frame.name().replaceFirst(".*\\.", ""), frame.address());
      }
    }
    return all;
  }

  @Test
  void whoeverGoesAway_leavesNothing_andTheNumberIsBounded() throws Exception {
    FutureTask<byte[]> asking = start(() -> pulls.next(Pulled.BLOCK, 600_000, () -> false));
    assertNull(asking.get(10, TimeUnit.SECONDS));
    assertFalse(pulls.isAwaited(0));
    for (int i = 0; i < Pulls.MAX; i++) {
      assertTrue(pulls.acquire());
    }
    assertFalse(pulls.acquire());
    pulls.release();
    assertTrue(pulls.acquire());
  }
}
