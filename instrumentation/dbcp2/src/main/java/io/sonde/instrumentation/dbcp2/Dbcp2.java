package io.sonde.instrumentation.dbcp2;

import io.sonde.core.Attached;
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
  private static final Attached<DbcpPool> POOLS = new Attached<>();

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
    boolean timedOut = thrown != null && thrown.getCause() instanceof NoSuchElementException;
    if (thrown != null && !timedOut) {
      return; // Others may be connecting with the pool's monitor held, which we would wait for.
    }
    DbcpPool known = POOLS.get(pool);
    if (known == null) {
      known = new DbcpPool(pool, Pools.seen(pool, READER, new PoolTimes()));
      POOLS.set(pool, known);
    }
    if (timedOut) {
      known.times.timedOut();
    } else {
      known.times.waited(since);
    }
  }

  @Override
  public @Nullable String name(BasicDataSource pool) {
    DbcpPool known = POOLS.get(pool);
    return known == null ? null : known.name;
  }

  @Override
  public void read(BasicDataSource pool, PoolNumbers numbers) {
    DbcpPool known = POOLS.get(pool);
    if (known != null) {
      known.read(pool, numbers);
    }
  }
}
