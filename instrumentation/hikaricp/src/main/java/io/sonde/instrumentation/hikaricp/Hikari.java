package io.sonde.instrumentation.hikaricp;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import io.sonde.core.Attachable;
import io.sonde.core.Attached;
import io.sonde.core.Weave;
import io.sonde.core.pools.PoolNumbers;
import io.sonde.core.pools.PoolReader;
import io.sonde.core.pools.PoolTimes;
import io.sonde.core.pools.Pools;
import java.sql.Connection;
import java.sql.SQLTransientConnectionException;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Metrics of the pools of HikariCP 2.5 to 7: connections, waits and timeouts. */
public final class Hikari extends PoolReader<HikariPool> {
  private static final String POOL = "com.zaxxer.hikari.pool.HikariPool";
  private static final Hikari READER = new Hikari();
  private static final Attached<State> STATES = new Attached<>();

  private Hikari() {}

  @Override
  public @Nullable String name(HikariPool pool) {
    HikariConfig config = config(pool);
    return config == null ? null : config.getPoolName();
  }

  @Override
  public void read(HikariPool pool, PoolNumbers numbers) {
    HikariConfig config = config(pool);
    int most = config == null ? -1 : config.getMaximumPoolSize();
    numbers.connections(
        pool.getActiveConnections(),
        pool.getIdleConnections(),
        most,
        most,
        config == null ? -1 : config.getMinimumIdle(),
        pool.getThreadsAwaitingConnection());
  }

  private static @Nullable HikariConfig config(Object pool) {
    State state = pool instanceof Attachable ? STATES.get(pool) : null;
    return state == null ? null : state.config;
  }

  /**
   * The times of a pool, which makes its first connection while it is made itself; null where its
   * class was loaded before us, since what is attached by a map must not lead back to the pool.
   */
  static @Nullable PoolTimes times(Object pool) {
    State state = state(pool);
    return state == null ? null : state.times;
  }

  private static @Nullable State state(Object pool) {
    if (!(pool instanceof Attachable)) {
      return null;
    }
    State state = STATES.get(pool);
    if (state == null) {
      state = new State();
      STATES.set(pool, state);
    }
    return state;
  }

  /** What is known of one pool, held by it. */
  private static final class State {
    final PoolTimes times = new PoolTimes();
    @Nullable HikariConfig config;
  }

  /** A pool was made. */
  @Weave(type = POOL, method = "<init>(com.zaxxer.hikari.HikariConfig)", state = true)
  public static final class Made {
    private Made() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This HikariPool pool, @Advice.Argument(0) HikariConfig config) {
      State state = Pools.on() ? state(pool) : null;
      if (state != null) {
        state.config = config;
        Pools.seen(pool, READER, state.times);
      }
    }
  }

  /** Somebody asks for a connection. */
  @Weave(type = POOL, method = "getConnection(long)")
  public static final class Borrow {
    private Borrow() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static long enter() {
      return PoolTimes.now();
    }

    @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
    public static void exit(
        @Advice.This HikariPool pool,
        @Advice.Enter long since,
        @Advice.Return @Nullable Connection connection,
        @Advice.Thrown @Nullable Throwable thrown) {
      PoolTimes times = since == 0 ? null : times(pool);
      if (times == null) {
        return;
      }
      if (connection != null) {
        times.waited(since);
        HikariUse.begin(connection, times);
      } else if (thrown instanceof SQLTransientConnectionException) {
        times.timedOut();
      }
    }
  }
}
