package io.sonde.core.pools;

import java.util.EnumMap;
import java.util.Map;

/** What one pool has; {@link #UNKNOWN} is what it does not tell. */
public final class PoolNumbers {
  /** A number that a pool does not tell. */
  public static final long UNKNOWN = -1;

  /** What there is to tell. */
  enum Fact {
    USED,
    IDLE,
    MAX,
    MAX_IDLE,
    MIN_IDLE,
    WAITING,
    COMPLETED
  }

  private final Map<Fact, Long> values = new EnumMap<>(Fact.class);
  private boolean connections;

  PoolNumbers() {}

  /** A pool of connections. */
  public void connections(int used, int idle, int max, int maxIdle, int minIdle, int waiting) {
    connections = true;
    set(Fact.USED, used);
    set(Fact.IDLE, idle);
    set(Fact.MAX, max);
    set(Fact.MAX_IDLE, maxIdle);
    set(Fact.MIN_IDLE, minIdle);
    set(Fact.WAITING, waiting);
  }

  /** A pool of threads that work off a queue. */
  public void workers(int active, int threads, int max, long queued, long completed) {
    set(Fact.USED, active);
    set(Fact.IDLE, active < 0 ? UNKNOWN : Math.max(0, threads - active));
    set(Fact.MAX, max == Integer.MAX_VALUE ? UNKNOWN : max);
    set(Fact.WAITING, queued);
    set(Fact.COMPLETED, completed);
  }

  void set(Fact fact, long value) {
    if (value >= 0) {
      values.put(fact, value);
    }
  }

  long get(Fact fact) {
    return values.getOrDefault(fact, UNKNOWN);
  }

  boolean connections() {
    return connections;
  }
}
