package io.sonde.core.pools;

import io.sonde.core.pools.PoolNumbers.Fact;
import java.util.EnumMap;
import java.util.Map;

/** All pools of one name, those that are gone with what they have counted. */
final class PoolSum {
  private final Map<Fact, Long> numbers = new EnumMap<>(Fact.class);
  final Pools.Totals totals = new Pools.Totals();

  void add(PoolNumbers pool) {
    for (Fact fact : Fact.values()) {
      if (pool.get(fact) != PoolNumbers.UNKNOWN) {
        Long before = numbers.get(fact);
        numbers.put(fact, pool.get(fact) + (before == null ? 0 : before));
      }
    }
  }

  long get(Fact fact) {
    return numbers.getOrDefault(fact, PoolNumbers.UNKNOWN);
  }
}
