package io.sonde.instrumentation.jdbc;

import io.sonde.core.DatabaseSpan;
import io.sonde.core.Member;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;

/**
 * Distributed transactions of any JDBC driver: what a driver executes for them is no call of the
 * application, as with commit and rollback.
 */
@Member(role = "jdbc.xa", loaded = "javax.transaction.xa.XAResource")
@Weave(
    type = "@jdbc.xa",
    method = {
      "start(javax.transaction.xa.Xid,int)",
      "end(javax.transaction.xa.Xid,int)",
      "prepare(javax.transaction.xa.Xid)",
      "commit(javax.transaction.xa.Xid,boolean)",
      "rollback(javax.transaction.xa.Xid)",
      "forget(javax.transaction.xa.Xid)",
      "recover(int)"
    },
    optional = true)
public final class JdbcXa {
  private JdbcXa() {}

  /** No spans from here. */
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter() {
    DatabaseSpan.silence();
  }

  /** To here. */
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void exit() {
    DatabaseSpan.resume();
  }
}
