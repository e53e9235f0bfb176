package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedTest {
  private final Red red = new Red();

  private List<Red.Series> series(int instrument) {
    List<Red.Series> series = new ArrayList<>();
    red.read(instrument, series::add);
    return series;
  }

  private void http(String route, int status, String error, long nanos) {
    red.http(Red.HTTP_SERVER, "GET", route, "http", status, error, nanos);
  }

  @Test
  void sameLabels_areOneSeries_othersAreOthers() {
    http("/a", 200, null, 1);
    http(new String("/a"), 200, null, 2);
    http("/a", 500, "500", 4);
    http("/b", 200, null, 8);
    http(null, 200, null, 16);
    List<Red.Series> series = series(Red.HTTP_SERVER);
    assertEquals(4, series.size());
    Red.Series first =
        series.stream().filter(s -> "/a".equals(s.b) && s.status == 200).findFirst().get();
    assertEquals(2, first.count());
    assertEquals(3, first.nanos());
    assertEquals("GET", first.a);
    assertNull(first.error);
    assertEquals(0, series(Red.HTTP_CLIENT).size());
  }

  /** A bound belongs to its bucket: the histogram's buckets are cumulative up to and with le. */
  @Test
  void bounds_areInclusive() {
    http("/", 200, null, 5_000_000);
    http("/", 200, null, 5_000_001);
    http("/", 200, null, 10_000_000_000L);
    http("/", 200, null, 10_000_000_001L);
    http("/", 200, null, 0);
    Red.Series series = series(Red.HTTP_SERVER).get(0);
    assertEquals(2, series.bucket(0));
    assertEquals(1, series.bucket(1));
    assertEquals(1, series.bucket(13));
    assertEquals(1, series.bucket(14));
    assertEquals(5, series.count());
  }

  @Test
  void beyondTheBound_overflowCounts_oldSeriesGoOn() {
    for (int i = 0; i < Red.MAX_SERIES + 500; i++) {
      http("/" + i, 200, null, 1);
    }
    http("/0", 200, null, 1);
    List<Red.Series> series = series(Red.HTTP_SERVER);
    assertEquals(Red.MAX_SERIES + 1, series.size());
    Red.Series overflow = series.get(Red.MAX_SERIES);
    assertEquals("overflow", overflow.a);
    assertEquals(500, overflow.count());
    assertEquals(2, series.stream().filter(s -> "/0".equals(s.b)).findFirst().get().count());
  }

  @Test
  void manyThreads_loseNothing() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  http("/" + i % 300, 200, null, 1);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    List<Red.Series> series = series(Red.HTTP_SERVER);
    assertEquals(300, series.size());
    assertEquals(400_000, series.stream().mapToLong(Red.Series::count).sum());
    assertEquals(400_000, series.stream().mapToLong(Red.Series::nanos).sum());
  }
}
