package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HopTest {
  @BeforeEach
  void on() {
    Tracing.start(Sampler.on(true), Propagation.of("none"), null);
  }

  @AfterEach
  void off() {
    Tracing.stop();
  }

  private static ServerSpan server() {
    ServerSpan span = ServerSpan.start("", (request, name) -> null, "GET");
    assertNotNull(span);
    return span;
  }

  @Test
  void run_taskOfRequest_hasItsContextAndLeavesNone() {
    ServerSpan span = server();
    List<Span> seen = new ArrayList<>();
    Runnable task = () -> seen.add(Span.current());
    Hop.captureRun(task);
    span.exit();

    Hop.run(task);
    Hop.run(task);

    assertEquals(Arrays.asList(span, null), seen);
    assertNull(Span.current());
  }

  @Test
  void run_sameObjectHandedOverInTwoRequests_eachRunHasOne() {
    List<Span> seen = new ArrayList<>();
    Runnable task = () -> seen.add(Span.current());
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ServerSpan span = server();
      spans.add(span);
      Hop.captureRun(task);
      span.exit();
    }

    for (int i = 0; i < 4; i++) {
      Hop.run(task);
    }

    spans.add(null);
    assertEquals(spans, seen);
  }

  @Test
  void clearedQueue_ofTasksThatAreGone_keepsNothing() throws Exception {
    List<WeakReference<Span>> spans = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Runnable task =
          new Runnable() {
            @Override
            public void run() {}
          };
      spans.add(captured(task));
    }
    awaitAlive(spans, 1);
  }

  @Test
  void clearedQueue_ofOneTask_keepsAThousandContextsAtMost() throws Exception {
    Runnable task = () -> {};
    List<WeakReference<Span>> spans = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      spans.add(captured(task));
    }
    awaitAlive(spans, 1000);
    Hop.run(task);
  }

  private static WeakReference<Span> captured(Runnable task) {
    ServerSpan span = server();
    Hop.captureRun(task);
    span.exit();
    span.end();
    return new WeakReference<>(span);
  }

  /** The entry of a task that is gone goes when the next one is captured. */
  private static void awaitAlive(List<WeakReference<Span>> spans, int most) throws Exception {
    long end = System.nanoTime() + 20_000_000_000L;
    for (; ; ) {
      System.gc();
      captured(() -> {});
      long alive = spans.stream().filter(span -> span.get() != null).count();
      if (alive <= most) {
        return;
      }
      assertTrue(System.nanoTime() < end, alive + " contexts are kept");
      Thread.sleep(20);
    }
  }

  @Test
  void drop_oneOfTwo_otherRunKeepsItsContext() {
    ServerSpan span = server();
    List<Span> seen = new ArrayList<>();
    Runnable task = () -> seen.add(Span.current());
    Hop.captureRun(task);
    Hop.captureRun(task);
    Hop.drop(task);
    span.exit();

    Hop.run(task);
    Hop.run(task);

    assertEquals(Arrays.asList(span, null), seen);
  }

  @Test
  void run_taskThatLeavesSpansOpen_nextTaskFindsNone() {
    Hop.run(HopTest::server);

    assertNull(Span.current());
    ServerSpan next = server();
    assertSame(next, Span.current());
    next.exit();
  }

  @Test
  void run_taskThrows_contextIsGivenBack() {
    ServerSpan span = server();
    Runnable task =
        () -> {
          throw new IllegalStateException("of the application");
        };
    Hop.captureRun(task);
    span.exit();

    try {
      Hop.run(task);
    } catch (IllegalStateException expected) {
      assertEquals("of the application", expected.getMessage());
    }

    assertNull(Span.current());
  }

  @Test
  void sameObject_manyThreads_noContextIsLostOrMadeUp() throws Exception {
    AtomicInteger with = new AtomicInteger();
    Runnable task =
        () -> {
          if (Span.current() != null) {
            with.incrementAndGet();
          }
        };
    int runs = 20_000;
    ExecutorService threads = Executors.newFixedThreadPool(4);
    for (int t = 0; t < 4; t++) {
      threads.execute(
          () -> {
            ServerSpan span = server();
            for (int i = 0; i < runs; i++) {
              Hop.captureRun(task);
              span.leave();
              Hop.run(task);
              span.enter();
            }
            span.exit();
          });
    }
    threads.shutdown();
    while (!threads.isTerminated()) {
      Thread.sleep(5);
    }

    assertEquals(4 * runs, with.get());
    Hop.run(task);
    assertEquals(4 * runs, with.get());
  }

  @Test
  void thread_madeInRequest_beginsInIt() throws Exception {
    ServerSpan span = server();
    List<Span> seen = Collections.synchronizedList(new ArrayList<>());
    Thread thread = new Thread(() -> seen.add(Span.current()));
    span.exit();
    thread.start();
    thread.join();

    assertEquals(Collections.singletonList(span), seen);
  }

  @Test
  void worker_madeInRequest_forgetsIt() throws Exception {
    ServerSpan span = server();
    List<Span> seen = Collections.synchronizedList(new ArrayList<>());
    Thread thread =
        new Thread(
            () -> {
              Hop.worker();
              seen.add(Span.current());
            });
    span.exit();
    thread.start();
    thread.join();

    assertEquals(Collections.singletonList(null), seen);
  }
}
