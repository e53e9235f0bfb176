package io.sonde.core.pools;

import io.sonde.core.pools.PoolNumbers.Fact;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the pools have, by their kinds and names. */
final class PoolSums implements Pools.Sums {
  static final int NAMES = 200;

  private static final String OTHER = "other";

  final Map<String, PoolSum> connections = new TreeMap<>();
  final Map<String, PoolSum> workers = new TreeMap<>();

  /** Reads the pools. */
  PoolSums(List<Pools.Alive> pools) {
    // Those that have a name keep it: new ones get the places that are left.
    for (Pools.Alive pool : pools) {
      String name = pool.known.shownAs;
      if (name != null && pool.pool() != null) {
        sum(pool.known, name);
      }
    }
    for (Pools.Alive pool : pools) {
      add(pool);
    }
    Pools.total(pools, this);
  }

  private void add(Pools.Alive alive) {
    Object pool = alive.pool();
    PoolReader<Object> reader = pool == null ? null : Pools.Alive.reader(pool);
    if (pool == null || reader == null) {
      return;
    }
    PoolNumbers numbers = new PoolNumbers();
    String name = alive.known.shownAs;
    try {
      if (name == null) {
        name = alive.known.name;
        name = name == null ? reader.name(pool) : name;
      }
      reader.read(pool, numbers);
    } catch (Throwable e) {
      return; // A pool that is being closed may say so; a broken one does not break the others.
    }
    if (name == null) {
      return;
    }
    if (alive.known.shownAs == null) {
      alive.known.connections = numbers.connections();
      // What the user called a pool of connections is left as it is.
      String given = numbers.connections() ? PoolName.cut(name) : PoolName.ofPool(name);
      alive.known.shownAs = name = shown(of(alive.known), given);
    }
    alive.known.completed = Math.max(alive.known.completed, numbers.get(Fact.COMPLETED));
    sum(alive.known, name).add(numbers);
  }

  private static String shown(Map<String, PoolSum> sums, String name) {
    int others = sums.containsKey(OTHER) ? 1 : 0;
    return sums.size() - others < NAMES || sums.containsKey(name) ? name : OTHER;
  }

  private Map<String, PoolSum> of(Pools.Pool pool) {
    return pool.connections ? connections : workers;
  }

  private PoolSum sum(Pools.Pool pool, String name) {
    Map<String, PoolSum> sums = of(pool);
    PoolSum sum = sums.get(name);
    if (sum == null) {
      sum = new PoolSum();
      sums.put(name, sum);
    }
    return sum;
  }

  @Override
  public Pools.@Nullable Totals totals(Pools.Pool pool) {
    String name = pool.shownAs;
    PoolSum sum = name == null ? null : of(pool).get(name);
    return sum == null ? null : sum.totals;
  }

  @Override
  public void retired(
      Map<String, Pools.Totals> ofConnections, Map<String, Pools.Totals> ofWorkers) {
    add(connections, ofConnections);
    add(workers, ofWorkers);
  }

  private static void add(Map<String, PoolSum> sums, Map<String, Pools.Totals> totals) {
    for (Map.Entry<String, PoolSum> sum : sums.entrySet()) {
      Pools.Totals retired = totals.get(sum.getKey());
      if (retired != null) {
        sum.getValue().totals.add(retired);
      }
    }
  }
}
