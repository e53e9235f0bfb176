package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.database.Database;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Threads that are made in spans, as the timeline has them. */
class BornThreadsTest {
  private static final Database DATABASE = new Database("h2", "shop", null, 0);
  private static final CountDownLatch AT_ONCE = new CountDownLatch(0);
  private static final long HERE = Thread.currentThread().getId();
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;

  private final Map<Long, List<Long>> seen = new TreeMap<>();
  private final Map<Long, List<Long>> times = new TreeMap<>();
  private final Timeline.Sink sink =
      new Timeline.Sink() {
        @Override
        public void change(
            long thread, long nanos, long span, long hi, long lo, Endpoint endpoint) {
          seen.computeIfAbsent(thread, none -> new ArrayList<>()).add(span);
          times.computeIfAbsent(thread, none -> new ArrayList<>()).add(nanos);
        }

        @Override
        public void lost(long thread) {}

        @Override
        public void lost() {}
      };
  private Recording recording;
  private DatabaseSpan one;
  private DatabaseSpan two;

  @BeforeEach
  void start() {
    recording = Recording.all();
    Timeline.start(10 * MINUTE);
    one = DatabaseSpan.start(DATABASE, null);
    two = DatabaseSpan.start(DATABASE, null);
  }

  @AfterEach
  void stop() {
    Timeline.stop();
    recording.close();
    Slot slot = Slot.get();
    slot.forget();
    slot.serving = null;
  }

  private static Thread startedToWait(CountDownLatch until, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              await(until);
              work.run();
            });
    thread.start();
    return thread;
  }

  /** Once in that span, and no more. */
  private static Thread startedToSpeak(CountDownLatch from, Span in) {
    return startedToWait(
        from,
        () -> {
          in.enter();
          in.leave();
        });
  }

  private static Thread made() {
    return new Thread(() -> {});
  }

  private void started(Thread thread, long nanos) {
    tell(new ThreadStart(thread.getId(), HERE, nanos, false));
  }

  /** All that has started until long after them. */
  private void tell(ThreadStart... starts) {
    Timeline.started(List.of(starts), starts[0].nanos + SECOND);
    Timeline.collect(sink);
    seen.remove(HERE);
  }

  @Test
  void threadThatSaysNothing_isInTheSpanOfItsBirthUntilThatEnds() {
    ServerSpan server = Recording.server();
    Thread child = made();
    Timeline.collect(sink);
    assertFalse(seen.containsKey(child.getId()), "nobody knows who it is");
    started(child, System.nanoTime());
    assertEquals(List.of(server.id()), seen.get(child.getId()));
    server.exit();
    server.end();
    Timeline.collect(sink);
    assertEquals(List.of(server.id(), 0L), seen.get(child.getId()));
  }

  @Test
  void threadThatSpeaks_isSeenOnceHoweverItStarted() throws Exception {
    ServerSpan server = Recording.server();
    CountDownLatch known = new CountDownLatch(1);
    Thread child = startedToSpeak(known, server);
    started(child, System.nanoTime());
    known.countDown();
    child.join();
    Timeline.collect(sink);
    assertEquals(server.id(), seen.get(child.getId()).get(0));
    assertEquals(
        List.of(server.id(), server.id(), server.id()),
        seen.get(child.getId()),
        "birth, enter, leave");
    server.exit();
  }

  @Test
  void threadThatSpeaksAndOfWhichNobodyTells_leavesThoseBesideItTheirStarts() throws Exception {
    ServerSpan server = Recording.server();
    Thread before = made();
    ThreadStart its = new ThreadStart(before.getId(), HERE, System.nanoTime(), false);
    startedToSpeak(AT_ONCE, server).join();
    Thread after = made();
    ThreadStart other = new ThreadStart(after.getId(), HERE, System.nanoTime(), false);
    Timeline.started(List.of(its, other), other.nanos + 2 * SECOND);
    Timeline.collect(sink);
    assertEquals(List.of(server.id()), seen.get(before.getId()));
    assertEquals(List.of(server.id()), seen.get(after.getId()));
    server.exit();
  }

  /** As long as now and then one speaks: nobody looks for all of the others at once. */
  @Test
  void thousandsThatSayNothing_areKnownBetweenThoseThatSpeak() throws Exception {
    ServerSpan server = Recording.server();
    List<ThreadStart> starts = new ArrayList<>();
    List<Thread> silent = new ArrayList<>();
    for (int i = 0; i < 2200; i++) {
      Thread thread = i % 100 == 0 ? startedToSpeak(AT_ONCE, server) : made();
      starts.add(new ThreadStart(thread.getId(), HERE, System.nanoTime(), false));
      if (i % 100 == 0) {
        thread.join();
      } else {
        silent.add(thread);
      }
    }
    tell(starts.toArray(new ThreadStart[0]));
    for (Thread thread : silent) {
      assertEquals(List.of(server.id()), seen.get(thread.getId()));
    }
    server.exit();
  }

  @Test
  void wrongThread_doesNotTakeWhatTheRightOneSays() throws Exception {
    ServerSpan server = Recording.server();
    CountDownLatch known = new CountDownLatch(1);
    Thread child = startedToWait(known, server::enter);
    tell(new ThreadStart(987_654_321, HERE, System.nanoTime(), false));
    known.countDown();
    child.join();
    Timeline.collect(sink);
    assertEquals(List.of(server.id()), seen.get(987_654_321L), "until the span ends");
    assertEquals(List.of(server.id(), server.id()), seen.get(child.getId()));
    server.exit();
  }

  /** Of those that were made last some may start after the end of what was told. */
  @Test
  void madeAtTheEnd_areKnownTheNextTime() {
    ServerSpan server = Recording.server();
    Thread first = made();
    one.enter();
    Thread second = made();
    one.leave();
    long now = System.nanoTime();
    ThreadStart earlier = new ThreadStart(second.getId(), HERE, now, false);
    Timeline.started(List.of(earlier), now + MILLI);
    started(first, now + 2 * MILLI);
    assertEquals(
        Map.of(first.getId(), List.of(server.id()), second.getId(), List.of(one.id())), seen);
    server.exit();
  }

  @Test
  void madeOutside_isSeenBornToo() {
    Slot.get();
    Thread outside = made();
    ServerSpan server = Recording.server();
    Thread inside = made();
    long now = System.nanoTime();
    tell(
        new ThreadStart(outside.getId(), HERE, now, false),
        new ThreadStart(inside.getId(), HERE, now + MILLI, false));
    assertEquals(Set.of(inside.getId()), seen.keySet());
    server.exit();
  }

  @Test
  void carrier_isInNoSpan() {
    ServerSpan server = Recording.server();
    Thread child = made();
    tell(new ThreadStart(child.getId(), HERE, System.nanoTime() + MILLI, true));
    started(child, System.nanoTime());
    assertEquals(Map.of(), seen);
    server.exit();
  }

  /** It was told long ago that it is in the span that it was made in. */
  @Test
  void threadThatSpeaksLate_isInTheSpanThatItEntersThen() throws Exception {
    ServerSpan server = Recording.server();
    CountDownLatch rested = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread child =
        startedToWait(
            rested,
            () -> {
              one.enter();
              entered.countDown();
              await(end);
            });
    started(child, System.nanoTime());
    for (int second = 1; second < 9; second++) {
      Timeline.collect(sink, System.nanoTime() + second * SECOND);
    }
    rested.countDown();
    await(entered);
    server.exit();
    server.end();
    Timeline.collect(sink);
    assertEquals(List.of(server.id(), one.id()), seen.get(child.getId()));
    end.countDown();
    child.join();
  }

  @Test
  void threadsOfAnother_areNotItsChildren() {
    ServerSpan server = Recording.server();
    Thread child = made();
    tell(new ThreadStart(child.getId(), HERE + 1, System.nanoTime(), false));
    assertFalse(seen.containsKey(child.getId()));
    server.exit();
  }

  /** There may be thousands of these for as long as a window takes. */
  @Test
  void threadThatNobodyKnowsYet_keepsNoSpanThatHasEnded() throws Exception {
    ServerSpan server = Recording.server();
    Thread child = made();
    long id = server.id();
    WeakReference<ServerSpan> gone = new WeakReference<>(server);
    child.start();
    child.join();
    server.exit();
    server.end();
    long end = server.endNanos();
    server = null;
    recording.left();
    Timeline.collect(sink);
    for (int i = 0; i < 100 && gone.get() != null; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertNull(gone.get());
    started(child, System.nanoTime());
    assertEquals(List.of(id, 0L), seen.get(child.getId()));
    assertEquals(end, times.get(child.getId()).get(1));
  }

  @Test
  void threadThatSpeaksLongAfterTheSpanOfItsBirth_isNotInThatMeanwhile() throws Exception {
    ServerSpan server = Recording.server();
    CountDownLatch ended = new CountDownLatch(1);
    Thread child = startedToSpeak(ended, two);
    server.exit();
    server.end();
    Timeline.collect(sink);
    ended.countDown();
    child.join();
    started(child, System.nanoTime());
    assertEquals(List.of(server.id(), 0L, two.id(), 0L), seen.get(child.getId()));
    assertEquals(server.endNanos(), times.get(child.getId()).get(1));
  }

  @Test
  void threadsThatNeverStart_areForgotten() {
    ServerSpan server = Recording.server();
    Thread late = made();
    for (int i = 0; i < 20_000; i++) {
      made();
    }
    Timeline.collect(sink, System.nanoTime() + 11 * MINUTE);
    started(late, System.nanoTime());
    assertFalse(seen.containsKey(late.getId()));
    Thread later = made();
    started(later, System.nanoTime());
    assertTrue(seen.containsKey(later.getId()), "there is room again");
    server.exit();
  }

  @Test
  void endedSpan_isNobodysParent() {
    ServerSpan server = Recording.server();
    server.end();
    Thread child = made();
    started(child, System.nanoTime());
    assertEquals(Map.of(), seen);
    server.exit();
  }

  @Test
  void nobodyWhoTells_nothingIsKept() {
    Timeline.stop();
    Timeline.start();
    ServerSpan server = Recording.server();
    Thread child = made();
    started(child, System.nanoTime());
    assertEquals(Map.of(), seen);
    server.exit();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
