package io.sonde.exporters.otlp;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Closes what blocks for longer than it may: the only way out of a socket's write.
 *
 * <p>Its thread lives while there is something to guard and some seconds longer.
 */
final class Guard implements Runnable {
  private static final long LINGER_NANOS = 20_000_000_000L;

  private @Nullable Thread thread;
  private @Nullable Closeable guarded;
  private long deadline;
  private volatile boolean fired;

  /** Closes {@code what} at {@code deadline} unless {@link #release} comes first. */
  synchronized void watch(Closeable what, long deadline) {
    fired = false;
    guarded = what;
    boolean sooner = deadline - this.deadline < 0;
    this.deadline = deadline;
    if (thread == null) {
      thread = new Thread(null, this, "sonde-export-guard", 0);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      thread.start();
    } else if (sooner) {
      LockSupport.unpark(thread);
    }
  }

  synchronized void release() {
    guarded = null;
    deadline = System.nanoTime() + LINGER_NANOS;
  }

  /** Whether the deadline came before the release. */
  boolean fired() {
    return fired;
  }

  @Override
  public void run() {
    long left = left();
    while (left >= 0) {
      LockSupport.parkNanos(this, left + 1);
      left = left();
    }
  }

  /** Nanoseconds until there is something to do again, negative for the end of the thread. */
  private synchronized long left() {
    long left = deadline - System.nanoTime();
    if (left > 0) {
      return left;
    }
    Closeable what = guarded;
    if (what == null) {
      thread = null;
      return -1;
    }
    fired = true;
    guarded = null;
    deadline = System.nanoTime() + LINGER_NANOS;
    try {
      what.close();
    } catch (IOException closedAnyway) {
      return LINGER_NANOS;
    }
    return LINGER_NANOS;
  }
}
