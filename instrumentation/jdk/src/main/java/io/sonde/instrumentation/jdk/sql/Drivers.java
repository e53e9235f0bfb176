package io.sonde.instrumentation.jdk.sql;

import io.sonde.core.Discovery;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Discovers the JDBC drivers that register with java.sql.DriverManager. */
@Weave(
    type = "java.sql.DriverManager",
    method = "registerDriver(java.sql.Driver,java.sql.DriverAction)")
public final class Drivers {
  private Drivers() {}

  /** One registers. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(@Advice.Argument(0) @Nullable Object driver) {
    Discovery.seen(driver, "jdbc.driver");
  }
}
