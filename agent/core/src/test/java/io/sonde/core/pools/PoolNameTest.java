package io.sonde.core.pools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pool has the same name after the next start, and one that tells it from others. */
class PoolNameTest {
  @ParameterizedTest
  @CsvSource({
    "pool-3-thread-1, pool",
    "ForkJoinPool-2-worker-1, ForkJoinPool",
    "ForkJoinPool.commonPool-worker-1, ForkJoinPool.commonPool",
    "http-nio-8080-exec-12, http-nio-8080-exec",
    "XNIO-1 task-3, XNIO-1 task",
    "Scheduler-5bf8fa12-1, Scheduler",
    "Session-HouseKeeper-6b2ea799-1, Session-HouseKeeper",
    "Connector-Scheduler-1f3f4916, Connector-Scheduler",
    "Scheduler-1879096508-1, Scheduler",
    "Scheduler-5bf8fa12-1000, Scheduler",
    "HttpClient@7dbe4a2f-scheduler-1, HttpClient-scheduler",
    "jobs-3f2504e0-4f89-11d3-9a0c-0305e82c3301-7, jobs",
    "5bf8fa12-worker-1, worker",
    "facade-decade-1, facade-decade",
    "shop-2024-exec-1, shop-2024-exec",
    "123, unnamed",
    "5bf8fa12, unnamed",
    "'', unnamed"
  })
  void thread_givesThePoolAName_thatStays(String thread, String pool) {
    assertEquals(pool, PoolName.ofThread(thread));
  }

  @ParameterizedTest
  @CsvSource({"qtp, qtp", "HttpClient@7dbe4a2f, HttpClient", "shop-2, shop-2"})
  void pool_keepsItsOwnName_withoutAHash(String given, String shown) {
    assertEquals(shown, PoolName.ofPool(given));
  }

  @ParameterizedTest
  @CsvSource({"x, 100", "7, 7"})
  void longName_isCut(String one, int length) {
    String name = PoolName.ofThread(one.repeat(1_000_000));
    assertEquals(length, name.length());
  }
}
