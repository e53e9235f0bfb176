package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Threads write as fast as they can while one collects: nothing torn, nothing unordered. */
class TimelineStressTest {
  private static final int THREADS = 4;
  private static final int CHANGES = 200_000;

  /** What a thread wrote, checked as it is collected. */
  private static final class Seen {
    long lastNanos = Long.MIN_VALUE;
    long count;
  }

  @Test
  void collectedWhileWritten_isWhatWasWrittenOrCountedAsLost() throws Exception {
    Recording recording = Recording.all();
    Timeline.start();
    long overwritten = Timeline.overwritten();
    Map<Long, Map<Long, ServerSpan>> spans = new HashMap<>();
    Map<Long, Seen> seen = new HashMap<>();
    AtomicInteger gaps = new AtomicInteger();
    AtomicInteger running = new AtomicInteger(THREADS);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      Map<Long, ServerSpan> own = new HashMap<>();
      ServerSpan[] all = new ServerSpan[7];
      for (int i = 0; i < all.length; i++) {
        all[i] = Recording.server();
        all[i].exit();
        own.put(all[i].id(), all[i]);
      }
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < CHANGES / 2; i++) {
                  all[i % all.length].enter();
                  all[i % all.length].leave();
                  if (i % 500 == 0) {
                    pause();
                  }
                }
                running.decrementAndGet();
              });
      spans.put(thread.getId(), own);
      threads.add(thread);
    }
    Timeline.Sink check =
        new Timeline.Sink() {
          @Override
          public void change(
              long thread, long nanos, long span, long hi, long lo, Endpoint endpoint) {
            if (!spans.containsKey(thread)) {
              return;
            }
            Seen state = seen.computeIfAbsent(thread, id -> new Seen());
            assertTrue(nanos >= state.lastNanos, "order");
            state.lastNanos = nanos;
            state.count++;
            if (span != 0) {
              ServerSpan real = spans.get(thread).get(span);
              assertTrue(real != null, "a span of another thread");
              assertEquals(real.traceHi(), hi);
              assertEquals(real.traceLo(), lo);
              assertEquals(real.endpoint(), endpoint);
            }
          }

          @Override
          public void lost(long thread) {
            gaps.incrementAndGet();
          }

          @Override
          public void lost() {
            throw new AssertionError("there was room");
          }
        };
    try {
      threads.forEach(Thread::start);
      while (running.get() > 0) {
        Timeline.collect(check);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      Timeline.collect(check);
      long counted = seen.values().stream().mapToLong(state -> state.count).sum();
      long lost = Timeline.overwritten() - overwritten;
      assertEquals((long) THREADS * CHANGES, counted + lost);
      assertEquals(lost > 0, gaps.get() > 0, "a loss is told where it happened");
      assertTrue(counted > CHANGES / 20, "hardly anything was collected: " + counted);
    } finally {
      Timeline.stop();
      recording.close();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
