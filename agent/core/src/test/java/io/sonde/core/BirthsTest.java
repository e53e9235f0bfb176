package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.database.Database;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BirthsTest {
  private static final Database DATABASE = new Database("h2", "shop", null, 0);
  private static final long HERE = Thread.currentThread().getId();
  private static final long SPEAKING = 99;
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
    Thread child =
        startedToWait(
            known,
            () -> {
              server.enter();
              server.leave();
            });
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
    speaking(server).join();
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
      Thread thread = i % 100 == 0 ? speaking(server) : made();
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

  private static Thread speaking(ServerSpan span) {
    Thread thread =
        new Thread(
            () -> {
              span.enter();
              span.leave();
            });
    thread.start();
    return thread;
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

  /** When a thread was made, in which span, and of which number it is; 0 where nobody knows. */
  private record Birth(long millis, Span span, long number) {
    Birth(long millis, Span span) {
      this(millis, span, 0);
    }
  }

  /** When a thread has started, and its number. */
  private record Start(double millis, long number) {}

  /** All by one thread; the numbers of those that nobody knew by span. */
  private Map<Long, Span> after(List<Birth> births, List<Start> starts) {
    Births all = new Births();
    Map<Trail, Birth> trails = new LinkedHashMap<>();
    for (Birth birth : births) {
      long nanos = birth.millis * MILLI;
      Trail trail = birth.span == null ? null : new Trail(1, nanos, birth.span);
      if (trail != null) {
        trails.put(trail, birth);
      }
      if (trail != null && birth.number != 0) {
        trail.belongsTo(birth.number);
      }
      all.add(nanos, trail);
    }
    List<ThreadStart> told = new ArrayList<>();
    starts.forEach(
        s -> told.add(new ThreadStart(s.number, HERE, (long) (s.millis * MILLI), false)));
    all.match(told, MINUTE, Set.of(SPEAKING));
    Map<Long, Span> found = new TreeMap<>();
    trails.forEach(
        (trail, birth) -> {
          if (birth.number == 0 && !trail.isNobodys()) {
            found.put(trail.thread(), birth.span);
          }
        });
    return found;
  }

  @Test
  void startedInAnyOrder_numbersSay() {
    assertEquals(
        Map.of(11L, one, 12L, two, 13L, two),
        after(
            List.of(new Birth(10, one), new Birth(11, two), new Birth(20, two)),
            List.of(new Start(11.1, 12), new Start(30, 11), new Start(20.1, 13))));
  }

  @Test
  void neverStarted_takesNothingFromOthers() {
    assertEquals(
        Map.of(12L, two, 13L, one),
        after(
            List.of(new Birth(10, one), new Birth(50, two), new Birth(60, one)),
            List.of(new Start(50.1, 12), new Start(60.1, 13))));
  }

  @Test
  void madeOutsideOfSpans_takesNothingFromOthersHoweverLateTheyStart() {
    assertEquals(
        Map.of(12L, one),
        after(
            List.of(new Birth(9, null), new Birth(10, one), new Birth(11, null)),
            List.of(new Start(10.5, 11), new Start(17, 12), new Start(11.2, 13))));
  }

  @Test
  void inheritingNothing_takesNothingFromOthers() {
    assertEquals(
        Map.of(12L, one, 14L, two),
        after(
            List.of(new Birth(10, one), new Birth(500, two)),
            List.of(
                new Start(5, 11), new Start(10.1, 12), new Start(300, 13), new Start(500.1, 14))));
  }

  @Test
  void thoseWhoAreKnown_helpToTellOthers() {
    assertEquals(
        Map.of(11L, one, 13L, one),
        after(
            List.of(new Birth(10, one), new Birth(11, two, 12), new Birth(12, one)),
            List.of(new Start(15, 11), new Start(14, 12), new Start(13, 13))));
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
  void whatIsSure_comesFirst() {
    assertEquals(
        Map.of(),
        after(
            List.of(new Birth(10, one), new Birth(11, two, 12)),
            List.of(new Start(300, 12), new Start(12, 13))));
  }

  @Test
  void threadThatBeganToSpeakByItself_isNobodysChild() {
    assertEquals(Map.of(), after(List.of(new Birth(10, one)), List.of(new Start(10.1, SPEAKING))));
  }

  @Test
  void birthAfterTheStart_isAnothers() {
    Birth justAfter = new Birth(11, two);
    assertEquals(
        Map.of(12L, one),
        after(List.of(new Birth(10, one), justAfter), List.of(new Start(10.9, 12))));
    assertEquals(Map.of(12L, two), after(List.of(justAfter), List.of(new Start(10.9, 12))));
  }

  @Test
  void tooMany_areForgottenAndUseNoRoom() {
    List<Birth> births = new ArrayList<>();
    List<Start> starts = new ArrayList<>();
    for (int i = 0; i < 1001; i++) {
      births.add(new Birth(i, one));
      starts.add(new Start(i + 0.1, 100 + i));
    }
    Map<Long, Span> found = after(births, starts);
    assertEquals(Set.of(-1L), found.keySet());
  }

  @Test
  void startBeforeAnyBirth_isNobodys() {
    assertEquals(Map.of(), after(List.of(new Birth(10, one)), List.of(new Start(9, 11))));
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

  /** Its trail was given up, and knows of the span that it was made in, and of its end. */
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
    Thread child =
        startedToWait(
            ended,
            () -> {
              two.enter();
              two.leave();
            });
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
    long before = Timeline.bytes();
    ServerSpan server = Recording.server();
    Thread late = made();
    for (int i = 0; i < 20_000; i++) {
      made();
    }
    assertTrue(Timeline.bytes() - before <= 5000L * Trail.bytes(Trail.BORN), "bounded");
    Timeline.collect(sink, System.nanoTime() + 11 * MINUTE);
    assertTrue(Timeline.bytes() - before <= Trail.bytes(Trail.FIRST), "only this thread's own");
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
    long before = Timeline.bytes();
    made();
    assertEquals(before, Timeline.bytes());
    server.exit();
  }

  @Test
  void nobodyWhoTells_nothingIsKept() {
    Timeline.stop();
    Timeline.start();
    ServerSpan server = Recording.server();
    long before = Timeline.bytes();
    made();
    assertEquals(before, Timeline.bytes());
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
