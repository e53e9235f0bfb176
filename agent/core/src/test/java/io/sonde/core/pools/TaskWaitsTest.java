package io.sonde.core.pools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sonde.core.metrics.Histogram;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How long tasks waited, whatever becomes of them, with nothing allocated for them. */
class TaskWaitsTest {
  private static final long MILLI = 1_000_000;

  private final PoolTimes times = new PoolTimes();
  private final TaskWaits waits = new TaskWaits(times, false);

  @BeforeAll
  static void start() {
    Pools.start();
  }

  private long measured() {
    return times.waits.histogram().count();
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void task_waitsUntilItsWorkerBegins() {
    waits.worker();
    Runnable task = () -> {};
    waits.handedOver(task);
    sleep(12);
    TaskWaits.begins(task);
    TaskWaits.begins(task);
    Histogram histogram = times.waits.histogram();
    assertEquals(1, histogram.count());
    assertTrue(histogram.sum >= 0.0119 && histogram.sum < 10, histogram.sum + " s");
  }

  @Test
  void taskThatDoesNotRun_isNotMeasured() {
    Object task = new Object();
    waits.handedOver(task);
    waits.handedOver(task);
    waits.forget(task);
    waits.began(task);
    waits.began(task);
    assertEquals(1, measured());
  }

  @Test
  void taskThatIsSubmittedThroughTwoMethods_isMeasuredOnce() {
    TaskWaits forks = new TaskWaits(times, true);
    Object task = new Object();
    forks.handedOver(task);
    forks.handedOver(task);
    forks.began(task);
    forks.began(task);
    assertEquals(1, measured());
  }

  @Test
  void nearlyAllOfALongQueue_areMeasured() {
    Queue<Object> queue = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      Object task = new Object();
      queue.add(task);
      waits.handedOver(task);
      if (queue.size() > 300) {
        waits.began(queue.remove());
      }
    }
    assertTrue(measured() > 18_500, () -> measured() + " of 20,000");
  }

  @Test
  void tasksThatNeverRun_giveWayToThoseThatDo() {
    WaitingTasks tasks = new WaitingTasks(WaitingTasks.MOST, false);
    int time = WaitingTasks.now();
    int begun = 0;
    for (int i = 0; i < 50_000; i++) {
      time += WaitingTasks.SECOND / 100;
      tasks.note(hash(i), time);
      if (i % 2 == 0 && i >= 20) {
        begun += tasks.begin(hash(i - 20), time) >= 0 ? 1 : 0;
      }
    }
    int measured = begun;
    assertTrue(measured > 24_000, () -> measured + " of 25,000");
  }

  /** As where the application takes all of a long queue out. */
  @Test
  void tableFullOfTasksThatNeverRun_isEmptyAgain_onceManyOthersRan() {
    WaitingTasks tasks = new WaitingTasks(WaitingTasks.MOST, true);
    int time = WaitingTasks.now();
    for (int i = 0; i < 100_000; i++) {
      tasks.note(hash(i), time);
    }
    time += 2 * WaitingTasks.SECOND;
    for (int i = 0; i < WaitingTasks.MANY; i++) {
      assertEquals(-1, tasks.begin(hash(200_000 + i), time));
    }
    assertTrue(tasks.isEmpty());
  }

  @Test
  void oneObject_isMeasuredInItsOrder_asOftenAsThereIsRoom() {
    WaitingTasks tasks = new WaitingTasks(WaitingTasks.FIRST, false);
    for (int i = 0; i < WaitingTasks.WINDOW; i++) {
      tasks.note(5, i * 100);
    }
    for (int i = 0; i < WaitingTasks.WINDOW; i++) {
      assertEquals((1000 - i * 100L) << 14, tasks.begin(5, 1000));
    }
    assertEquals(-1, tasks.begin(5, 1000));
  }

  /** Its later runs would be taken for those of the entries that found room. */
  @Test
  void oneObject_thatWaitsMoreOften_isNotMeasured_untilItWasAwayForAMinute() {
    WaitingTasks tasks = new WaitingTasks(WaitingTasks.FIRST, false);
    int time = WaitingTasks.now();
    for (int i = 0; i < 100; i++) {
      tasks.note(5, time);
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(-1, tasks.begin(5, time));
      tasks.note(5, time);
    }
    time += 2 * WaitingTasks.MINUTE;
    tasks.note(5, time);
    assertEquals(100L << 14, tasks.begin(5, time + 100));
    assertEquals(-1, tasks.begin(5, time + 100));
  }

  @Test
  void nothingIsAllocated_andTimesGoThroughTheEndOfTheirRange() {
    WaitingTasks tasks = new WaitingTasks(WaitingTasks.FIRST, false);
    tasks.note(5, Integer.MAX_VALUE - 10);
    assertEquals(21L << 14, tasks.begin(5, 10));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    Runnable[] each = new Runnable[100];
    for (int i = 0; i < each.length; i++) {
      int number = i;
      each[i] = () -> assertTrue(number >= 0);
    }
    waits.worker();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 10_000; i++) {
        Runnable task = each[i % each.length];
        waits.handedOver(task);
        TaskWaits.begins(task);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    assertEquals(0, least / 10_000, least + " B");
    assertEquals(50_000, measured());
    assertTrue(times.waits.histogram().sum * 1e9 < 50_000.0 * MILLI);
  }

  private static int hash(int i) {
    return i * 0x9E3779B9 >>> 1;
  }
}
