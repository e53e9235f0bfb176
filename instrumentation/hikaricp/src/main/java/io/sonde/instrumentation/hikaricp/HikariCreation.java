package io.sonde.instrumentation.hikaricp;

import io.sonde.core.Weave;
import io.sonde.core.pools.PoolTimes;
import net.bytebuddy.asm.Advice;

/** How long it takes to make a connection of HikariCP 2.5 to 7. */
@Weave(
    type = "com.zaxxer.hikari.pool.PoolBase",
    method = {"newPoolEntry()", "newPoolEntry(boolean)"})
public final class HikariCreation {
  private HikariCreation() {}

  /** The driver is asked. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static long enter() {
    return PoolTimes.now();
  }

  /** It has answered. */
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void exit(@Advice.This Object pool, @Advice.Enter long since) {
    PoolTimes times = since == 0 ? null : Hikari.times(pool);
    if (times != null) {
      times.created(since);
    }
  }
}
