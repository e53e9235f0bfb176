package io.sonde.core.pools;

import org.jspecify.annotations.Nullable;

/**
 * Knows how to read the pools of one class; it holds no pool, and stands in the class loader of
 * that class.
 *
 * @param <P> the pool
 */
public abstract class PoolReader<P> {
  /**
   * What the pool is called, or null where it has yet to get a name; numbers that differ from run
   * to run do not belong into it.
   */
  public @Nullable String name(P pool) {
    return null;
  }

  /** Reads the pool, on a thread of the agent; must not wait for anything. */
  public abstract void read(P pool, PoolNumbers numbers);
}
