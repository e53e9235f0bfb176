package io.sonde.instrumentation.hikaricp;

import io.sonde.core.Attachable;
import io.sonde.core.Attached;
import io.sonde.core.Weave;
import io.sonde.core.pools.PoolTimes;
import net.bytebuddy.asm.Advice;

/** How long connections of HikariCP 2.5 to 7 are used. */
@Weave(type = "com.zaxxer.hikari.pool.ProxyConnection", method = "close()", state = true)
public final class HikariUse {
  private static final Attached<Use> USES = new Attached<>();

  private HikariUse() {}

  /** A connection is handed out; where its class was loaded before us, nothing is remembered. */
  static void begin(Object connection, PoolTimes times) {
    if (connection instanceof Attachable) {
      USES.set(connection, new Use(times));
    }
  }

  /** It comes back. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(@Advice.This Object connection) {
    Use use = connection instanceof Attachable ? USES.remove(connection) : null;
    if (use != null) {
      use.times.used(use.since);
    }
  }

  /** One use of a connection. */
  private static final class Use {
    final PoolTimes times;
    final long since = PoolTimes.now();

    Use(PoolTimes times) {
      this.times = times;
    }
  }
}
