package io.sonde.core.pools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is read of pools that fail, that go and that are many. */
class PoolMetricsReadTest {
  /** Some pool of an application. */
  private static final class Pool {
    final String name;
    boolean connections;
    long completed;
    @Nullable Throwable broken;

    Pool(String name) {
      this.name = name;
    }
  }

  private static final PoolReader<Pool> READER =
      new PoolReader<>() {
        @Override
        public String name(Pool pool) {
          return pool.name;
        }

        @Override
        public void read(Pool pool, PoolNumbers numbers) {
          if (pool.broken instanceof Error) {
            throw (Error) pool.broken;
          }
          if (pool.connections) {
            numbers.connections(0, 1, 1, 1, 1, 0);
            return;
          }
          numbers.workers(0, 1, 1, 0, pool.completed);
        }
      };

  @BeforeAll
  static void start() {
    Pools.start();
  }

  private static Pool pool(String name, long completed) {
    Pool pool = new Pool(name);
    pool.completed = completed;
    Pools.seen(pool, READER);
    return pool;
  }

  @Test
  void error_ofOnePool_leavesTheOthersAndWhatItHasCounted() {
    Pool broken = pool("broken", 5);
    Pool beside = pool("broken", 2);
    Pool sound = pool("sound", 3);
    assertEquals(7L, read().get("executor.tasks.completed broken"));
    broken.broken = new AssertionError("as a queue's size() may throw");
    Map<String, Number> seen = read();
    assertEquals(3L, seen.get("executor.tasks.completed sound"));
    assertEquals(7L, seen.get("executor.tasks.completed broken"));
    assertTrue(beside.completed + sound.completed > 0);
  }

  @Test
  void counter_doesNotDip_asPoolsOfItsNameGo() throws Exception {
    Pool stays = pool("comes-and-goes", 1);
    long before = 0;
    for (int i = 0; i < 30; i++) {
      pool("comes-and-goes", 10);
      long now = completed("comes-and-goes");
      assertTrue(now >= before, now + " after " + before);
      before = now;
      if (i % 10 == 5) {
        System.gc();
        Thread.sleep(20);
      }
    }
    System.gc();
    Thread.sleep(50);
    assertTrue(completed("comes-and-goes") >= before);
    assertEquals(1, stays.completed);
  }

  private static long completed(String name) {
    Number completed = read().get("executor.tasks.completed " + name);
    return completed == null ? -1 : completed.longValue();
  }

  private static Pool connections(String name) {
    Pool pool = new Pool(name);
    pool.connections = true;
    Pools.seen(pool, READER);
    return pool;
  }

  /** Connections, since names are counted for each kind and other tests have workers. */
  @Test
  void pool_keepsItsName_howeverManyCome() {
    List<Pool> pools = new ArrayList<>();
    pools.add(connections("zz-first"));
    String max = "db.client.connection.max ";
    assertEquals(1L, read().get(max + "zz-first"));
    for (int i = 0; i < PoolSums.NAMES + 50; i++) {
      pools.add(connections("many-" + i));
    }
    Map<String, Number> seen = read();
    assertEquals(1L, seen.get(max + "zz-first"));
    assertEquals(51L, seen.get(max + "other"));
    String shown = names(seen);
    for (int i = 0; i < 50; i++) {
      pools.add(connections("aa-late-" + i));
    }
    Map<String, Number> after = read();
    assertEquals(shown, names(after));
    assertEquals(101L, after.get(max + "other"));
    assertEquals(PoolSums.NAMES + 101, pools.size());
  }

  private static String names(Map<String, Number> seen) {
    StringBuilder names = new StringBuilder();
    for (String name : seen.keySet()) {
      if (name.startsWith("db.client.connection.max ") && !name.endsWith("other")) {
        names.append(name);
      }
    }
    return names.toString();
  }

  @Test
  void twoThatAreFirst_recordInOnePlace() {
    Pool pool = new Pool("first");
    PoolTimes one = Pools.seen(pool, READER, new PoolTimes());
    PoolTimes two = Pools.seen(pool, READER, new PoolTimes());
    assertSame(one, two);
  }

  private static Map<String, Number> read() {
    Map<String, Number> seen = new TreeMap<>();
    new PoolMetrics(() -> 0)
        .read(
            new MetricReader() {
              private String metric = "";

              @Override
              public void instrument(Instrument instrument) {
                metric = instrument.name;
              }

              @Override
              public void number(Labels labels, long value) {
                Object worker = labels.get("executor.name");
                Object name =
                    worker == null ? labels.get("db.client.connection.pool.name") : worker;
                if (labels.size() == 1 && name != null) {
                  seen.put(metric + ' ' + name, value);
                }
              }

              @Override
              public void number(Labels labels, double value) {}

              @Override
              public void histogram(Labels labels, Histogram histogram) {}
            });
    return seen;
  }
}
