package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.sonde.core.Costs;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Links;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.Span;
import io.sonde.core.SpanQueue;
import io.sonde.core.Timeline;
import io.sonde.core.Tracing;
import io.sonde.testing.OtlpSink;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which spans wait, how many, and when they go. */
final class HoldingTest {
  private static final long PERIOD = 20_000_000;
  private static final long LARGE = 1 << 20;
  private static final long BOUND = 75_000_000_000L;

  private static final long PATIENCE = 10_000_000_000L;

  private final SpanQueue queue = new SpanQueue(8192, 512);
  private final Holding holding = new Holding(queue, PATIENCE, 0);
  private final AtomicLong allocated = new AtomicLong();

  @BeforeEach
  void start() {
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext"), queue);
    profile(true);
  }

  private void profile(boolean held) {
    Timeline.start();
    Costs.start(
        new Costs.Counters() {
          @Override
          public long cpuNanos() {
            return 0; // it only waits
          }

          @Override
          public long bytes() {
            return allocated.get();
          }
        },
        true);
    Links.start(held, PERIOD);
  }

  @AfterEach
  void stop() {
    end();
    Timeline.stop();
    Tracing.stop();
  }

  private static void end() {
    Links.stop();
    Costs.stop();
  }

  private ServerSpan ended(long bytes) {
    return ended(bytes, "");
  }

  private ServerSpan ended(long bytes, String text) {
    ServerSpan span = ServerSpan.start("", (request, name) -> null, "GET");
    span.set("text", text);
    allocated.addAndGet(bytes);
    span.exit();
    span.end();
    return span;
  }

  private Span next() {
    return holding.next(false, System.nanoTime());
  }

  private static void read() {
    Links.read(System.nanoTime(), PERIOD, LARGE);
  }

  @Test
  void small_passesThoseThatWait() {
    ServerSpan large = ended(LARGE);
    ServerSpan small = ended(100);
    while (small.endNanos() - small.startNanos() > 5_000_000) {
      small = ended(100); // on a busy machine it may have lasted
    }
    assertSame(small, next());
    assertNull(next());
    read();
    assertTrue(holding.hasRipe(System.nanoTime()));
    assertSame(large, next());
  }

  /** Four of a mebibyte each find room in a small heap. */
  @Test
  void full_theOldestLeavesForEachThatComes_andCounts() {
    String text = "x".repeat(1 << 20);
    Span[] spans = new Span[10];
    for (int i = 0; i < spans.length; i++) {
      spans[i] = ended(LARGE, text);
    }
    long before = Links.withoutRoom();
    for (int i = 0; i < 7; i++) {
      assertSame(spans[i], next());
    }
    assertNull(next());
    assertEquals(3, holding.waiting());
    assertFalse(holding.hasRipe(System.nanoTime()));
    assertEquals(7, Links.withoutRoom() - before);
    read();
    assertSame(spans[7], next());
    assertEquals(7, Links.withoutRoom() - before, "its window was read");
  }

  @Test
  void small_thousandsFindRoom() {
    Holding large = new Holding(queue, PATIENCE, 1 << 30);
    long before = Links.withoutRoom();
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 8000; j++) {
        ended(LARGE);
      }
      assertNull(large.next(false, System.nanoTime()));
    }
    assertEquals(24_000, large.waiting());
    assertEquals(before, Links.withoutRoom());
  }

  @Test
  void noWindowIsEverRead_leavesAfterTheBound() {
    ServerSpan span = ended(LARGE);
    long end = span.endNanos();
    assertNull(holding.next(false, end + BOUND));
    assertFalse(holding.hasRipe(end + BOUND));
    assertSame(span, holding.next(false, end + BOUND + 1));
  }

  @Test
  void fast_itsWindowIsOver_leavesSoonAfter() {
    end();
    profile(false);
    read();
    ServerSpan span = ended(LARGE);
    assertNull(holding.next(false, span.endNanos() + PATIENCE / 10));
    assertSame(span, holding.next(false, span.endNanos() + PATIENCE));
    ServerSpan second = ended(LARGE);
    assertNull(next());
    read();
    assertSame(second, next());
  }

  @Test
  void fast_itsWindowLastsLonger_leavesAtOnce() {
    end();
    profile(false);
    Links.read(System.nanoTime() - 2 * PATIENCE, PERIOD, LARGE);
    read();
    ServerSpan span = ended(LARGE);
    assertSame(span, next());
  }

  @Test
  void fast_windowsWillLastLonger_leavesAtOnce() {
    end();
    profile(false);
    read();
    Links.expect(2 * PATIENCE);
    ServerSpan span = ended(LARGE);
    assertSame(span, next());
  }

  /** Nobody knows whether it is read at all. */
  @Test
  void fast_theWindowIsOverdue_leavesAtOnce() {
    end();
    profile(false);
    read();
    Links.expect(PATIENCE / 10);
    long overdue = System.nanoTime() + PATIENCE / 10 + PATIENCE / 2;
    ServerSpan span = ended(LARGE);
    assertSame(span, holding.next(false, Math.max(overdue, span.endNanos()) + 1));
  }

  @Test
  void windowFails_allThatEndedByThenLeave() {
    ServerSpan span = ended(LARGE);
    assertNull(next());
    Links.unread(System.nanoTime());
    ServerSpan later = ended(LARGE);
    assertSame(span, next());
    assertNull(next());
    assertEquals(1, holding.waiting());
    read();
    assertSame(later, next());
  }

  @Test
  void profilerStartsAnew_whatWaitedLeaves() {
    ServerSpan span = ended(LARGE);
    assertNull(next());
    end();
    profile(true);
    assertSame(span, next());
  }

  @Test
  void jvmEnds_nothingWaits() {
    ServerSpan waiting = ended(LARGE);
    assertNull(next());
    ServerSpan second = ended(LARGE);
    ServerSpan last = ended(LARGE);
    // In turn: the queue may be full, and many may wait.
    assertSame(second, holding.next(true, System.nanoTime()));
    assertSame(waiting, holding.next(true, System.nanoTime()));
    assertSame(last, holding.next(true, System.nanoTime()));
    assertNull(holding.next(true, System.nanoTime()));
  }

  /** Its next look at the queue is a minute away. */
  @Test
  void fast_windowIsRead_theyLeaveWithoutABatch() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = Export.slow("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      end();
      profile(false);
      for (int i = 0; i < 512; i++) {
        ended(LARGE);
      }
      export.await(() -> export.queue.size() == 0, "all wait");
      assertEquals(0, export.count(Outcome.EXPORTED));
      read();
      export.await(Outcome.EXPORTED, 512);
    }
  }

  /** What still comes then would wait for a window that nobody reads. */
  @Test
  void jvmHasSentWhatWaited_nothingWaitsAnyMore() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = Export.slow("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      export.exporter.flush();
      ended(LARGE);
      export.await(Outcome.EXPORTED, 1);
    }
  }

  /** The receiver answers once the JVM's end waits no longer, and the JVM lives on for a while. */
  @Test
  void jvmHasWaitedInVain_nothingWaitsAnyMore() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          asked.countDown();
          await(answer);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
    try (Export export = Export.slow("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)) {
      ended(LARGE);
      end();
      Thread flush = new Thread(export.exporter::flush, "flush");
      flush.start();
      assertTrue(asked.await(60, TimeUnit.SECONDS));
      profile(true);
      ended(LARGE);
      flush.join();
      answer.countDown();
      export.await(Outcome.EXPORTED, 2);
    } finally {
      answer.countDown();
      server.stop(0);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Several batches, and nothing else that ends a wait: the exporter looks once a schedule. */
  @Test
  void profilerEnds_allArriveInOneGo() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = Export.each(1500, "OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      for (int i = 0; i < 4095; i++) {
        ended(LARGE);
      }
      export.await(() -> export.queue.size() == 0, "all wait");
      assertEquals(4095, export.delivery.waiting());
      assertEquals(0, export.count(Outcome.EXPORTED));
      end();
      export.await(Outcome.EXPORTED, 4095);
    }
  }
}
