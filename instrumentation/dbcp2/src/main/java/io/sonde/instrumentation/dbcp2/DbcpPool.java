package io.sonde.instrumentation.dbcp2;

import io.sonde.core.database.Databases;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolTimes;
import java.lang.reflect.Method;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one pool, held by it.
 *
 * <p>Most getters of a pool need its monitor, which it holds while it connects to a database that
 * may be away: what they say is taken once, on a thread that has just got through.
 */
final class DbcpPool {
  /** Needs no monitor in any version, and is public in newer ones alone. */
  private static final @Nullable Method CONNECTIONS = connections();

  final PoolTimes times;
  final @Nullable String name;
  private final int max;
  private final int maxIdle;
  private final int minIdle;

  DbcpPool(BasicDataSource pool, PoolTimes times) {
    this.times = times;
    String given = pool.getJmxName();
    name = given != null ? given : Databases.of(pool.getUrl(), null).poolName();
    max = pool.getMaxTotal();
    maxIdle = pool.getMaxIdle();
    minIdle = pool.getMinIdle();
  }

  private static @Nullable Method connections() {
    try {
      Method method = BasicDataSource.class.getDeclaredMethod("getConnectionPool");
      method.setAccessible(true);
      return method;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }

  void read(BasicDataSource pool, PoolNumbers numbers) {
    GenericObjectPool<?> connections = connections(pool);
    int used = connections == null ? -1 : connections.getNumActive();
    int idle = connections == null ? -1 : connections.getNumIdle();
    int unknown = (int) PoolNumbers.UNKNOWN;
    numbers.connections(used, idle, max, maxIdle, minIdle, unknown);
  }

  /** The connections, null where there are none or they are not to be had. */
  private static @Nullable GenericObjectPool<?> connections(BasicDataSource pool) {
    try {
      return CONNECTIONS == null ? null : (GenericObjectPool<?>) CONNECTIONS.invoke(pool);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
