package io.sonde.instrumentation.tomcatjdbc;

import io.sonde.core.Attached;
import io.sonde.core.Weave;
import io.sonde.core.database.Databases;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.PoolTimes;
import io.sonde.core.pools.Pools;
import net.bytebuddy.asm.Advice;
import org.apache.tomcat.jdbc.pool.ConnectionPool;
import org.apache.tomcat.jdbc.pool.PoolConfiguration;
import org.apache.tomcat.jdbc.pool.PoolExhaustedException;
import org.jspecify.annotations.Nullable;

/** Metrics of the pools of Tomcat JDBC 8.5 to 11: connections, waits and timeouts. */
@Weave(
    type = "org.apache.tomcat.jdbc.pool.ConnectionPool",
    method = {"getConnection()", "getConnection(java.lang.String,java.lang.String)"},
    state = true)
public final class TomcatJdbc extends PoolReader<ConnectionPool> {
  private static final TomcatJdbc READER = new TomcatJdbc();
  private static final Attached<PoolTimes> TIMES = new Attached<>();

  private TomcatJdbc() {}

  /** Somebody asks for a connection. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static long enter() {
    return PoolTimes.now();
  }

  /** And got one, or not. */
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void exit(
      @Advice.This ConnectionPool pool,
      @Advice.Enter long since,
      @Advice.Thrown @Nullable Throwable thrown) {
    if (since == 0) {
      return;
    }
    PoolTimes times = TIMES.get(pool);
    if (times == null) {
      times = Pools.seen(pool, READER, new PoolTimes());
      TIMES.set(pool, times);
    }
    if (thrown == null) {
      times.waited(since);
    } else if (thrown instanceof PoolExhaustedException) {
      times.timedOut();
    }
  }

  @Override
  public @Nullable String name(ConnectionPool pool) {
    String name = pool.getName();
    if (name != null && !name.startsWith("Tomcat Connection Pool[")) {
      return name;
    }
    // What Tomcat calls it differs from run to run.
    return Databases.of(pool.getPoolProperties().getUrl(), null).poolName();
  }

  @Override
  public void read(ConnectionPool pool, PoolNumbers numbers) {
    PoolConfiguration configured = pool.getPoolProperties();
    numbers.connections(
        pool.getActive(),
        pool.getIdle(),
        configured.getMaxActive(),
        configured.getMaxIdle(),
        configured.getMinIdle(),
        pool.getWaitCount());
  }
}
