package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.SpanQueue;
import io.sonde.core.Timeline;
import io.sonde.core.Tracing;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class JoinTest {
  private final Join join = new Join();

  private void change(long thread, long nanos, long span) {
    join.change(thread, nanos, span, span + 1, span + 2, null);
  }

  private long at(long thread, long nanos) {
    join.find(thread, nanos);
    return join.span();
  }

  @Test
  void nestedSpans_theInnermostOneOfThatTimeAndThread() {
    change(1, 100, 7);
    change(1, 200, 8);
    change(1, 300, 7);
    change(1, 400, 0);
    change(2, 150, 9);
    assertEquals(0, at(1, 99));
    assertEquals(7, at(1, 100));
    assertEquals(8, at(1, 299));
    assertEquals(7, at(1, 300));
    assertEquals(0, at(1, 400));
    assertEquals(9, at(2, 1_000_000));
    assertEquals(0, at(3, 200));
    assertTrue(join.find(1, 250));
    assertEquals(9, join.traceHi());
    assertEquals(10, join.traceLo());
  }

  @Test
  void endThatWasToldWhileTheThreadLeft_countsForNothing() {
    change(1, 100, 7);
    change(1, 200, 0);
    change(1, 180, 8);
    assertEquals(7, at(1, 179));
    assertEquals(8, at(1, 250));
  }

  @Test
  void lostChanges_leaveSamplesWithoutSpanUntilTheNextOne() {
    change(1, 100, 7);
    join.lost(1);
    change(1, 200, 8);
    assertFalse(join.find(1, 150));
    assertEquals(0, join.span());
    assertEquals(1, join.unassigned());
    assertEquals(8, at(1, 200));
  }

  @Test
  void clockThatWrapsAround_isCompared_notOrdered() {
    change(1, Long.MAX_VALUE - 10, 7);
    change(1, Long.MIN_VALUE + 10, 8);
    assertEquals(7, at(1, Long.MAX_VALUE));
    assertEquals(8, at(1, Long.MIN_VALUE + 11));
  }

  @Test
  void forgetting_keepsWhatIsStillRunning() {
    for (int i = 0; i < 1000; i++) {
      change(1, i * 10L, i + 1);
    }
    join.lost(1);
    change(1, 20_000, 5000);
    change(2, 10, 3);
    change(2, 20, 0);
    join.forgetBefore(9_985);
    assertEquals(999, at(1, 9_985));
    assertFalse(join.find(1, 15_000), "what was lost is still lost");
    assertEquals(5000, at(1, 20_000));
    assertEquals(0, at(2, 30_000));
  }

  @Test
  void windowsAlike_takeNoMemoryAnew() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int window = 0; window < 8; window++) {
      if (window == 4) {
        before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      }
      long start = window * 1_000_000L;
      for (int thread = 1000; thread < 1010; thread++) {
        for (int i = 0; i < 10_000; i++) {
          change(thread, start + i, i + 1);
        }
      }
      join.forgetBefore(start + 7000);
    }
    long taken = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    assertTrue(taken < 100_000, taken + " bytes");
  }

  @Test
  void roomThatNobodyUsesAnyMore_isGivenBack() {
    for (int thread = 1; thread <= 12; thread++) {
      long start = thread * 1_000_000L;
      for (int i = 0; i < 200_000; i++) {
        change(thread, start + i, i + 1);
      }
      assertEquals(200_000, at(thread, start + 500_000), "thread " + thread);
      join.forgetBefore(start + 500_000);
    }
    assertEquals(0, join.unassigned());
    assertEquals(200_000, at(1, 100_000_000));
  }

  @Test
  void beyondTheBound_nothingIsKeptAndNothingIsWrong() {
    for (int i = 0; i < 600_000; i++) {
      change(1, i * 10L, i + 1);
    }
    assertTrue(join.isCrowded());
    assertFalse(join.find(1, 5_999_990));
    assertEquals(1, join.unassigned());
    assertEquals(11, at(1, 100));
  }

  @Test
  void manyNewThreads_areACrowd_thoseThatStayAreNot() {
    for (int i = 0; i <= Join.MAX_THREADS / 2; i++) {
      assertFalse(join.isCrowded(), "after " + i);
      change(i, i * 10L, 7);
    }
    assertTrue(join.isCrowded());
    join.forgetBefore(Join.MAX_THREADS * 10L);
    assertFalse(join.isCrowded(), "they are in a span still: reading sooner frees nothing");
    for (int i = 0; i <= Join.MAX_THREADS / 4; i++) {
      change(Join.MAX_THREADS + i, i * 10L, 7);
    }
    assertTrue(join.isCrowded());
  }

  @Test
  void threadsThatDieInASpan_giveWayToNewOnes() {
    change(1, 0, 5);
    change(1, 10, 0);
    for (int i = 2; i < 4 * Join.MAX_THREADS; i++) {
      change(i, i * 1000L, 7);
      assertEquals(7, at(i, i * 1000L), "thread " + i);
    }
    assertEquals(5, at(1, 5));
    assertEquals(0, join.unassigned());
    assertFalse(join.find(2, 3_000));
    assertEquals(1, join.unassigned(), "its span was forgotten");
  }

  @Test
  void threadsBeyondTheBound_areNotTakenForThreadsWithoutSpan() {
    for (int i = 0; i <= Join.MAX_THREADS; i++) {
      change(i, i * 10L, 7);
      change(i, i * 10L + 5, 0);
    }
    assertFalse(join.find(Join.MAX_THREADS, Join.MAX_THREADS * 10L));
    assertEquals(1, join.unassigned());
    assertEquals(7, at(3, 30));
    join.forgetBefore(Join.MAX_THREADS * 10L + 100);
    assertFalse(join.find(Join.MAX_THREADS + 1, Join.MAX_THREADS * 10L + 200));
    assertEquals(1, join.unassigned());
    assertEquals(1, join.outside());
  }

  @Test
  void changesLostOfUnknownThreads_leaveNoThreadInItsSpan() {
    change(1, 100, 7);
    join.lost();
    assertFalse(join.find(1, 150));
    assertFalse(join.find(2, 150));
    assertEquals(2, join.unassigned());
    change(1, 200, 8);
    assertEquals(8, at(1, 200));
  }

  @Test
  void spanThatIsNotSampled_isASpanWithARouteButNoLink() {
    Tracing.start(Sampler.off(true), Propagation.of("none"), new SpanQueue(8, 8));
    Timeline.start();
    try {
      ServerSpan server = ServerSpan.start("", (request, name) -> null, "GET");
      server.route("/orders/{id}", 2);
      Timeline.collect(join);
      assertTrue(join.find(Thread.currentThread().getId(), System.nanoTime()), "its waits count");
      assertEquals(0, join.span());
      assertEquals("/orders/{id}", join.endpoint());
      server.exit();
    } finally {
      Timeline.stop();
      Tracing.stop();
    }
  }
}
