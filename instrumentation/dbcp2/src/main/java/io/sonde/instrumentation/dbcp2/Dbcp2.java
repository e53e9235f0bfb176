package io.sonde.instrumentation.dbcp2;

import io.sonde.core.Attached;
import io.sonde.core.Databases;
import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.PoolTimes;
import io.sonde.core.pools.Pools;
import java.util.NoSuchElementException;
import net.bytebuddy.asm.Advice;
import org.apache.commons.dbcp2.BasicDataSource;
import org.jspecify.annotations.Nullable;

/** Metrics of Commons DBCP 2.0 to 2.13: connections, waits and timeouts of BasicDataSource. */
@Weave(type = "org.apache.commons.dbcp2.BasicDataSource", method = "getConnection()", state = true)
public final class Dbcp2 extends PoolReader<BasicDataSource> {
  private static final Dbcp2 READER = new Dbcp2();
  private static final Attached<PoolTimes> TIMES = new Attached<>();

  private Dbcp2() {}

  /** Somebody asks for a connection. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static long enter() {
    return PoolTimes.now();
  }

  /** And got one, or not. */
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void exit(
      @Advice.This BasicDataSource pool,
      @Advice.Enter long since,
      @Advice.Thrown @Nullable Throwable thrown) {
    if (since == 0) {
      return;
    }
    PoolTimes times = TIMES.get(pool);
    if (times == null) {
      times = new PoolTimes();
      TIMES.set(pool, times);
      Pools.seen(pool, READER, times);
    }
    if (thrown == null) {
      times.waited(since);
    } else if (thrown.getCause() instanceof NoSuchElementException) {
      times.timedOut();
    }
  }

  @Override
  public @Nullable String name(BasicDataSource pool) {
    return pool.getJmxName() != null
        ? pool.getJmxName()
        : Databases.of(pool.getUrl(), null).poolName();
  }

  @Override
  public void read(BasicDataSource pool, PoolNumbers numbers) {
    numbers.connections(
        pool.getNumActive(),
        pool.getNumIdle(),
        pool.getMaxTotal(),
        pool.getMaxIdle(),
        pool.getMinIdle(),
        (int) PoolNumbers.UNKNOWN);
  }
}
