package io.sonde.exporters.prometheus.write;

import io.sonde.core.AtExit;
import io.sonde.core.Delivery;
import io.sonde.core.Messages;
import io.sonde.core.Red;
import io.sonde.core.metrics.MetricSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that reads all metrics once an interval and writes them to the receiver, in order.
 *
 * <p>What fails for a reason that passes is tried again, with growing pauses or as the receiver
 * asks, while readings go on and wait in a bounded backlog. What is refused is dropped. When the
 * JVM begins to end, all series get their last values and end, once whatever the receiver asked
 * for, and again as it answers. Nothing is loaded, resolved or connected before the first interval
 * is over, nor at the end of a JVM in which no call was recorded.
 */
public final class RemoteWriter implements Runnable {
  /** How long the end of the JVM waits for the last samples. */
  private static final long FLUSH_NANOS = 2_000_000_000L;

  /** After shutdown has begun the application may still answer requests. */
  private static final long INTERVAL_IN_SHUTDOWN = 200_000_000;

  private static final long AFTER_FAILURE = 30_000_000_000L;

  private final Receiver receiver;
  private final Red red;
  private final MetricSource source;
  private final Delivery delivery;
  private final Surroundings surroundings;
  private final Bounds bounds;
  private final long started = System.currentTimeMillis();
  private final CountDownLatch flushed = new CountDownLatch(1);
  private volatile boolean flushing;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Writing writing;
  private long interval; // writing thread only, once it runs
  private boolean inShutdown; // writing thread only

  /** What the writer needs of the agent; called on the writer's thread. */
  public interface Surroundings extends Messages {
    /** The resource's attributes. */
    Map<String, Object> resource();

    /** The agent's version. */
    String version();
  }

  /** How much may wait, and how long the first pause is after a failure. */
  static final class Bounds {
    final long capacity;
    final long firstPauseNanos;

    Bounds(long capacity, long firstPauseMillis) {
      this.capacity = capacity;
      firstPauseNanos = firstPauseMillis * 1_000_000;
    }
  }

  /**
   * Writes what {@code source} has to {@code receiver}, and counts samples.
   *
   * @param red what makes a request worthwhile at the end of a short life
   */
  public RemoteWriter(
      Receiver receiver,
      Red red,
      MetricSource source,
      long intervalMillis,
      Delivery delivery,
      Surroundings surroundings) {
    this(receiver, red, source, intervalMillis, delivery, surroundings, new Bounds(16 << 20, 1000));
  }

  RemoteWriter(
      Receiver receiver,
      Red red,
      MetricSource source,
      long intervalMillis,
      Delivery delivery,
      Surroundings surroundings,
      Bounds bounds) {
    this.receiver = receiver;
    this.red = red;
    this.source = source;
    interval = Math.max(1, intervalMillis) * 1_000_000;
    this.delivery = delivery;
    this.surroundings = surroundings;
    this.bounds = bounds;
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    flushAtExit();
    long nextRead = System.nanoTime() + interval;
    while (!stopped) {
      // An interrupt only ends a wait; kept, it would end all that follow.
      Thread.interrupted();
      boolean flush = flushing;
      long left = nextRead - System.nanoTime();
      Writing at = writing;
      long due = at == null || inShutdown ? -1 : at.due();
      if (flush || left <= 0) {
        read(flush);
        long now = System.nanoTime();
        nextRead = Math.max((flush ? now : nextRead) + interval, now + interval / 2);
      } else if (at != null && due == 0) {
        send(at);
      } else {
        LockSupport.parkNanos(this, due > 0 ? Math.min(due, left) : left);
      }
    }
  }

  private void read(boolean flush) {
    try {
      Writing at = writing;
      if (at == null && (!inShutdown && !flush || !red.isEmpty())) {
        at = writing = begin();
      }
      if (at != null && (flush || inShutdown && at.due() <= 0)) {
        at.end();
      } else if (at != null && !inShutdown) {
        at.read();
      }
    } catch (Throwable thrown) {
      failed(thrown);
    }
    if (flush) {
      flushing = false;
      inShutdown = true;
      interval = Math.min(interval, INTERVAL_IN_SHUTDOWN);
      flushed.countDown();
    }
  }

  private @Nullable Writing begin() {
    try {
      return new Writing(receiver, source, delivery, surroundings, bounds, started);
    } catch (IllegalArgumentException e) {
      surroundings.warn(
          "metrics are not written: the address is not usable (" + e.getMessage() + ")");
      stopped = true;
      return null;
    }
  }

  private void send(Writing at) {
    try {
      at.send();
    } catch (Throwable thrown) {
      at.pause(AFTER_FAILURE);
      failed(thrown);
    }
  }

  private void failed(Throwable thrown) {
    surroundings.warn(
        "remote write of metrics failed and goes on: " + thrown + "; please report this");
  }

  private void flushAtExit() {
    Runnable work =
        new Runnable() {
          @Override
          public void run() {
            flush();
          }
        };
    if (!AtExit.run("sonde-flush-remote-write", work)) {
      flushing = true;
    }
  }

  /** Writes the last values and ends all series, for a bounded time; for the JVM's shutdown. */
  void flush() {
    flushing = true;
    LockSupport.unpark(thread);
    try {
      flushed.await(FLUSH_NANOS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread without another request. */
  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
    Writing at = writing;
    if (at != null) {
      at.cancel();
    }
  }
}
