package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sonde.core.database.Database;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Database DATABASE = new Database("h2", "shop", null, 0);

  private final Map<Long, List<Change>> changes = new HashMap<>();
  private int gaps;
  private int gapsSomewhere;
  private final Timeline.Sink sink =
      new Timeline.Sink() {
        @Override
        public void change(
            long thread, long nanos, long span, long hi, long lo, Endpoint endpoint) {
          changes
              .computeIfAbsent(thread, t -> new ArrayList<>())
              .add(new Change(nanos, span, hi, lo, endpoint));
        }

        @Override
        public void lost(long thread) {
          gaps++;
          changes.computeIfAbsent(thread, t -> new ArrayList<>()).add(null);
        }

        @Override
        public void lost() {
          gapsSomewhere++;
        }
      };
  private Recording recording;

  private record Change(long nanos, long span, long hi, long lo, Endpoint endpoint) {}

  @BeforeEach
  void start() {
    recording = Recording.all();
    Timeline.start();
  }

  @AfterEach
  void stop() {
    Timeline.stop();
    recording.close();
    Slot slot = Slot.get(); // a test that fails leaves its request open
    slot.forget();
    slot.serving = null;
  }

  private List<Change> here() {
    Timeline.collect(sink);
    return changes.getOrDefault(Thread.currentThread().getId(), List.of());
  }

  @Test
  void nestedSpans_eachChangeInOrderWithItsTraceAndRoute() {
    ServerSpan server = Recording.server();
    DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
    query.enter();
    query.leave();
    server.route("/orders/{id}", 2);
    server.exit();
    List<Change> seen = here();
    assertEquals(
        List.of(server.id(), query.id(), server.id(), 0L),
        seen.stream().map(Change::span).toList());
    assertEquals(server.startNanos(), seen.get(0).nanos());
    assertEquals(server.traceHi(), seen.get(1).hi());
    assertEquals(server.traceLo(), seen.get(1).lo());
    assertEquals("/orders/{id}", seen.get(1).endpoint().route());
    for (int i = 1; i < seen.size(); i++) {
      assertTrue(seen.get(i).nanos() >= seen.get(i - 1).nanos());
    }
  }

  @Test
  void inheritedContext_countsFromTheBirthOfTheThread() throws Exception {
    ServerSpan server = Recording.server();
    long before = System.nanoTime();
    Thread child =
        new Thread(
            () -> {
              DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
              query.enter();
              query.leave();
            });
    child.start();
    child.join();
    server.exit();
    here();
    List<Change> seen = changes.get(child.getId());
    assertEquals(server.id(), seen.get(0).span());
    assertTrue(seen.get(0).nanos() >= before && seen.get(0).nanos() <= seen.get(1).nanos());
  }

  @Test
  void inheritedContext_endsWithItsSpanWhoeverEndsIt() throws Exception {
    ServerSpan server = Recording.server();
    CountDownLatch computes = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    Thread child =
        new Thread(
            () -> {
              DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
              query.enter();
              query.leave();
              computes.countDown();
              await(ended);
              query.enter();
              query.leave();
            });
    child.start();
    await(computes);
    here();
    List<Change> seen = changes.get(child.getId());
    assertEquals(server.id(), seen.get(2).span());
    assertEquals(3, seen.size());
    server.exit();
    server.end();
    here();
    assertEquals(0, seen.get(3).span());
    assertEquals(server.endNanos(), seen.get(3).nanos());
    ended.countDown();
    child.join();
    here();
    assertEquals(0, seen.get(seen.size() - 1).span());
    assertTrue(
        seen.subList(3, seen.size()).stream().noneMatch(change -> change.span() == server.id()));
  }

  @Test
  void inheritedContext_thatEndedBetweenTwoLooks_endsThere() throws Exception {
    ServerSpan server = Recording.server();
    CountDownLatch ended = new CountDownLatch(1);
    DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
    Thread child =
        new Thread(
            () -> {
              await(ended);
              query.enter();
              query.leave();
            });
    child.start();
    server.exit();
    server.end();
    ended.countDown();
    child.join();
    here();
    List<Change> seen = changes.get(child.getId());
    assertEquals(
        List.of(server.id(), 0L, query.id(), 0L), seen.stream().map(Change::span).toList());
    assertEquals(server.endNanos(), seen.get(1).nanos());
  }

  @Test
  void announcedThread_isInTheSpanItWasMadeIn() throws Exception {
    ServerSpan server = Recording.server();
    Runnable announcing = Hop.announcing(() -> {});
    Thread child = new Thread(announcing);
    child.start();
    child.join();
    server.exit();
    server.end();
    here();
    List<Change> seen = changes.get(child.getId());
    assertEquals(List.of(server.id(), 0L), seen.stream().map(Change::span).toList());
    assertNull(Hop.announcing(() -> {}));
  }

  @Test
  void announcedThreads_thatEnd_leaveNothingOnceTheyAreCollected() throws Exception {
    ServerSpan server = Recording.server();
    here();
    long before = Timeline.bytes();
    Thread quiet = new Thread(Hop.announcing(() -> {}));
    Thread busy =
        new Thread(
            Hop.announcing(
                () -> {
                  DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
                  query.enter(); // and does not leave
                  throw new IllegalStateException("as if");
                }));
    busy.setUncaughtExceptionHandler((thread, thrown) -> {});
    for (Thread thread : List.of(quiet, busy)) {
      thread.start();
      thread.join();
    }
    assertTrue(Timeline.bytes() > before);
    here();
    assertEquals(before, Timeline.bytes());
    for (Thread thread : List.of(quiet, busy)) {
      List<Change> seen = changes.get(thread.getId());
      assertEquals(server.id(), seen.get(0).span());
      assertEquals(0, seen.get(seen.size() - 1).span());
      assertTrue(seen.get(seen.size() - 1).nanos() <= System.nanoTime());
    }
    server.exit();
    server.end();
    assertEquals(2, changes.get(quiet.getId()).size());
    here();
    assertEquals(2, changes.get(quiet.getId()).size(), "the end of the span is not awaited");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void spanOpenAtTheStart_isSeenWithTheNextChange() {
    Timeline.stop();
    ServerSpan server = Recording.server();
    Timeline.start();
    server.exit();
    assertEquals(List.of(server.id(), 0L), here().stream().map(Change::span).toList());
  }

  @Test
  void deadThread_isStillCollected() throws Exception {
    Thread thread = new Thread(() -> Recording.server().exit());
    thread.start();
    thread.join();
    here();
    assertEquals(2, changes.get(thread.getId()).size());
  }

  @Test
  void manyChanges_areKeptUpToTheBoundAndThenCounted() {
    long before = Timeline.overwritten();
    for (int i = 0; i < Trail.MAX / 2 - 10; i++) {
      Recording.server().exit();
    }
    assertEquals(Trail.MAX - 20, here().size());
    assertEquals(before, Timeline.overwritten());
    changes.clear();
    for (int i = 0; i < Trail.MAX; i++) {
      Recording.server().exit();
    }
    List<Change> seen = here();
    assertEquals(null, seen.get(0));
    assertEquals(1, gaps);
    assertEquals(2L * Trail.MAX - (seen.size() - 1), Timeline.overwritten() - before);
    assertTrue(seen.size() > Trail.MAX - 10);
  }

  @Test
  void threadThatRests_givesItsMemoryBackAndIsSeenAgain() {
    Recording.server().exit();
    assertEquals(2, here().size());
    long held = Timeline.bytes();
    long now = System.nanoTime();
    for (int seconds = 1; seconds < 9; seconds++) {
      Timeline.collect(sink, now + seconds * 1_000_000_000L);
    }
    assertTrue(held > 0);
    assertEquals(0, Timeline.bytes());
    Recording.server().exit();
    assertEquals(4, here().size());
  }

  @Test
  void tenThousandThreadsInASpan_takeLittleAndAreBounded() throws Exception {
    CountDownLatch entered = new CountDownLatch(10_000);
    ServerSpan server = Recording.server();
    // one slot a thread, without the price of a thread: what matters is the trail
    for (int i = 0; i < 10_000; i += 50) {
      Thread[] some = new Thread[50];
      for (int t = 0; t < some.length; t++) {
        some[t] =
            new Thread(
                () -> {
                  server.enter();
                  entered.countDown();
                });
        some[t].start();
      }
      for (Thread thread : some) {
        thread.join();
      }
    }
    entered.await();
    server.exit();
    assertTrue(Timeline.bytes() <= 10_002 * 600L, "bytes " + Timeline.bytes());
    assertTrue(Timeline.bytes() <= Timeline.MAX_BYTES);
    Timeline.collect(sink);
    assertEquals(10_001, changes.size());
  }

  @Test
  void beyondTheBound_isRefusedAndCounted() {
    List<Slot> slots = new ArrayList<>();
    ServerSpan server = Recording.server();
    long before = Timeline.refused();
    while (Timeline.refused() == before) {
      Slot slot = new Slot();
      Timeline.record(slot, null, server, System.nanoTime());
      slots.add(slot);
      assertTrue(slots.size() < 100_000, "no bound");
    }
    assertTrue(Timeline.bytes() <= Timeline.MAX_BYTES);
    server.exit();
  }

  private static long fill() {
    long filled = Timeline.MAX_BYTES - Timeline.bytes();
    Timeline.take((int) filled);
    return filled;
  }

  @Test
  void restedThreadThatFindsNoRoom_isLostFromItsLastChangeOn() {
    ServerSpan first = Recording.server();
    long now = System.nanoTime();
    for (int seconds = 0; seconds < 12; seconds++) {
      Timeline.collect(sink, now + seconds * 1_000_000_000L);
    }
    assertEquals(0, Timeline.bytes());
    assertEquals(0, gapsSomewhere);
    long filled = fill();
    first.exit();
    ServerSpan unseen = Recording.server();
    here();
    assertEquals(1, gapsSomewhere, "any thread may have gone on");
    Timeline.take((int) -filled);
    unseen.exit();
    List<Long> spans =
        here().stream().map(change -> change == null ? null : change.span()).toList();
    assertEquals(Arrays.asList(first.id(), null, 0L), spans);
    assertEquals(1, gapsSomewhere);
  }

  @Test
  void ringThatGrowsAfterItWasOverwritten_holdsNothingThatNeverWas() {
    Recording.server().exit();
    long filled = fill();
    for (int i = 0; i < 20; i++) {
      Recording.server().exit();
    }
    Timeline.take((int) -filled);
    long before = Timeline.overwritten();
    ServerSpan last = Recording.server();
    last.exit();
    List<Change> seen = here();
    assertEquals(null, seen.get(0));
    seen = seen.subList(1, seen.size());
    for (int i = 0; i < seen.size(); i++) {
      assertTrue(seen.get(i).nanos() != 0, "never written: " + seen);
      assertEquals(i % 2 != 0, seen.get(i).span() == 0, "in pairs");
    }
    assertEquals(last.id(), seen.get(seen.size() - 2).span());
    assertEquals(44, seen.size() + Timeline.overwritten() - before);
  }

  @Test
  void spanThatIsNotSampled_hasNoTrace() {
    recording.close();
    recording = new Recording(Sampler.off(true));
    ServerSpan server = Recording.server();
    server.route("/orders/{id}", 2);
    server.enter();
    server.leave();
    server.exit();
    Change within = here().get(1);
    assertEquals(server.id(), within.span());
    assertEquals(0, within.hi() | within.lo());
    assertEquals("/orders/{id}", within.endpoint().route());
  }

  @Test
  void spanThatIsKept_hasATraceOnceItLeaves() {
    recording.close();
    recording = new Recording(Sampler.off(true));
    Keeping.start();
    try {
      ServerSpan server = Recording.server();
      DatabaseSpan.start(DATABASE, null).end();
      assertEquals(0, here().get(0).hi() | here().get(0).lo());
      assertTrue(server.kept().hold());
      assertTrue(server.kept().leave());
      server.enter();
      server.leave();
      Change within = here().get(1);
      assertEquals(server.traceHi(), within.hi());
      assertEquals(server.traceLo(), within.lo());
      server.exit();
      server.end();
    } finally {
      Keeping.stop();
    }
  }

  @Test
  void theEnd_leavesNoMemoryWithThreadsThatLive() {
    ServerSpan collected = Recording.server();
    here();
    Slot other = new Slot();
    Timeline.record(other, null, collected, System.nanoTime());
    Timeline.stop();
    assertTrue(Slot.get().trail.isReleased());
    assertTrue(other.trail.isReleased(), "one that was never collected");
    assertEquals(0, Timeline.bytes());
    collected.exit();
    Timeline.start();
    Recording.server().exit();
    assertEquals(3, here().size(), "and one begins anew");
  }

  @Test
  void changeThatCannotBeWritten_isTheContextAllTheSame() throws Exception {
    List<Object> seen = new ArrayList<>();
    ServerSpan server = Recording.server();
    Runnable task = () -> seen.add(Span.current());
    Hop.captureRun(task);
    server.exit();
    Thread thread =
        new Thread() {
          @Override
          public long getId() {
            throw new OutOfMemoryError("as if");
          }

          @Override
          public void run() {
            try {
              server.enter();
              seen.add(Span.current());
              server.leave();
              seen.add(Slot.get().span);
              Hop.run(task);
              seen.add(Slot.get().span);
            } catch (Throwable thrown) {
              seen.add(thrown);
            }
          }
        };
    thread.start();
    thread.join();
    assertEquals(Arrays.asList(server, null, server, null), seen);
  }

  @Test
  void changeOfContext_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    ServerSpan server = Recording.server();
    long id = Thread.currentThread().getId();
    for (int i = 0; i < 20_000; i++) {
      server.enter();
      server.leave();
    }
    long before = threads.getThreadAllocatedBytes(id);
    for (int i = 0; i < 100_000; i++) {
      server.enter();
      server.leave();
    }
    long bytes = threads.getThreadAllocatedBytes(id) - before;
    assertTrue(bytes < 100_000, bytes + " B for 200,000 changes");
    server.exit();
  }

  @Test
  void collecting_allocatesNothingAnew() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    Counting counting = new Counting();
    ServerSpan server = Recording.server();
    long bytes = 0;
    for (int second = 0; second < 20; second++) {
      for (int i = 0; i < 3000; i++) {
        server.enter();
        server.leave();
      }
      long before = threads.getThreadAllocatedBytes(id);
      Timeline.collect(counting);
      bytes += second < 5 ? 0 : threads.getThreadAllocatedBytes(id) - before;
    }
    server.exit();
    assertTrue(counting.changes > 15 * 6000, counting.changes + " changes");
    assertTrue(bytes < 100_000, bytes + " B for " + counting.changes);
  }

  private static final class Counting implements Timeline.Sink {
    long changes;

    @Override
    public void change(long thread, long nanos, long span, long hi, long lo, Endpoint endpoint) {
      changes++;
    }

    @Override
    public void lost(long thread) {}

    @Override
    public void lost() {}
  }
}
