package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanQueueTest {
  private final Recording recording = Recording.all();

  @AfterEach
  void stop() {
    recording.close();
  }

  @Test
  void spans_comeOutInOrder() {
    SpanQueue queue = new SpanQueue(4, 2);
    ClientSpan[] spans = new ClientSpan[100];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = ClientSpan.start("GET");
      queue.offer(spans[i]);
      assertSame(spans[i], queue.poll());
    }
    assertNull(queue.poll());
    assertEquals(0, queue.size());
  }

  @Test
  void full_dropsTheNewest_andCounts() {
    SpanQueue queue = new SpanQueue(3, 2);
    List<Span> offered = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      offered.add(ClientSpan.start("GET"));
      queue.offer(offered.get(i));
    }
    assertEquals(2, queue.dropped(), "the capacity is the next power of two");
    for (int i = 0; i < 4; i++) {
      assertSame(offered.get(i), queue.poll());
    }
    assertNull(queue.poll());
    queue.offer(offered.get(0));
    assertSame(offered.get(0), queue.poll());
  }

  @Test
  void absurdCapacity_isBounded() {
    SpanQueue queue = new SpanQueue(Integer.MAX_VALUE, Integer.MAX_VALUE);
    queue.offer(ClientSpan.start("GET"));
    assertEquals(1, queue.size());
  }

  /** Every span that was offered comes out or is counted, whatever the threads do. */
  @Test
  void manyProducers_nothingIsLostUncounted() throws InterruptedException {
    int producers = 4;
    int each = 200_000;
    SpanQueue queue = new SpanQueue(1024, 256);
    ClientSpan span = ClientSpan.start("GET");
    AtomicInteger running = new AtomicInteger(producers);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < producers; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int n = 0; n < each; n++) {
                  queue.offer(span);
                  if (n % 1000 == 0) {
                    LockSupport.parkNanos(1);
                  }
                }
                running.decrementAndGet();
              });
      thread.start();
      threads.add(thread);
    }
    long out = 0;
    while (true) {
      boolean last = running.get() == 0;
      while (queue.poll() != null) {
        out++;
      }
      if (last) {
        break;
      }
      queue.await(1_000_000);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals((long) producers * each, out + queue.dropped());
    assertEquals(0, queue.size());
    assertTrue(out > 0);
  }

  /** A batch that completes at any moment around the consumer's parking wakes it. */
  @Test
  void completeBatch_wakesTheConsumer() throws InterruptedException {
    SpanQueue queue = new SpanQueue(64, 8);
    ClientSpan span = ClientSpan.start("GET");
    int rounds = 2000;
    long longest = 60_000_000_000L;
    Thread producer =
        new Thread(
            () -> {
              for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < 8; i++) {
                  queue.offer(span);
                }
                while (queue.size() > 0) {
                  LockSupport.parkNanos(10_000);
                }
              }
            });
    long start = System.nanoTime();
    producer.start();
    int out = 0;
    while (out < rounds * 8 && System.nanoTime() - start < longest) {
      queue.await(longest);
      while (queue.poll() != null) {
        out++;
      }
    }
    producer.join();
    assertTrue(System.nanoTime() - start < longest, "a wake-up was lost");
  }

  @Test
  void batchThatIsThere_doesNotWait_noneWaitsItsTime() {
    SpanQueue queue = new SpanQueue(64, 2);
    long start = System.nanoTime();
    queue.await(20_000_000);
    assertTrue(System.nanoTime() - start >= 15_000_000);
    queue.offer(ClientSpan.start("GET"));
    queue.offer(ClientSpan.start("GET"));
    start = System.nanoTime();
    queue.await(60_000_000_000L);
    assertTrue(System.nanoTime() - start < 30_000_000_000L);
  }
}
