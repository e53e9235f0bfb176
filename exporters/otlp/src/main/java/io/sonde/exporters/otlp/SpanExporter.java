package io.sonde.exporters.otlp;

import io.sonde.core.AtExit;
import io.sonde.core.Complaints;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Keeping;
import io.sonde.core.Messages;
import io.sonde.core.Span;
import io.sonde.core.SpanQueue;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The exporter's thread: takes spans from the queue, makes batches of them and delivers these.
 *
 * <p>Sends when a batch is full, when the schedule delay is over, and when the JVM shuts down.
 * Nothing is loaded, resolved or connected before the first span is there and the application has
 * settled.
 */
public final class SpanExporter implements Runnable, Delivering.Owner {
  /**
   * How long the end of the JVM waits for the last spans; once more where a slow machine is still
   * making the exporter by then.
   */
  private static final long FLUSH_NANOS = 2_000_000_000L;

  /** After shutdown has begun the application may still answer requests. */
  private static final long DELAY_IN_SHUTDOWN = 200_000_000;

  /** An application that loads this many classes in a window, or more, is still starting. */
  private static final long STARTING_CLASSES = 50;

  private static final long STARTING_WINDOW_NANOS = 1_000_000_000;

  /** So long at most the first spans wait for the application's start to be over. */
  private static final long LONGEST_START_NANOS = 5_000_000_000L;

  private static final long CLOCK_CHECK_NANOS = 60_000_000_000L;
  private static final long SHORT = 200_000;

  /** So often it is looked whether the samples of spans that wait are read. */
  private static final long LOOK_NANOS = 1_000_000_000;

  /** A span that may have samples waits for a batch and then for as long again. */
  private static final int PATIENCE = 2;

  private final Target target;
  private final SpanQueue queue;
  private final Holding holding;
  private final Timing timing;
  private final Delivery delivery;
  private final Surroundings surroundings;
  private final CountDownLatch flushed = new CountDownLatch(1);
  private volatile boolean flushing;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;

  /** Spans that are in neither queue nor counted; written by the exporter's thread alone. */
  private volatile int underWay;

  /** What the flush could not send: its thread, which goes on, knew when it gave up. */
  private volatile int leftByFlush;

  private final long delay;

  /** The JVM ends: nothing may wait for what comes later, also after the flush. */
  private volatile boolean ending;

  private long lastSent = System.nanoTime();
  private volatile @Nullable Delivering delivering;
  private @Nullable Batch batch;
  private @Nullable EpochClock clock;
  private long clockChecked;
  private long due;
  private long loadedClasses = -1;

  /** Exports from {@code queue} to {@code target}, and counts. */
  public SpanExporter(
      Target target, SpanQueue queue, Timing timing, Delivery delivery, Surroundings surroundings) {
    this.target = target;
    this.delivery = delivery;
    this.queue = queue;
    this.timing = timing;
    this.surroundings = surroundings;
    delay = Math.max(1, timing.scheduleDelayMillis) * 1_000_000;
    holding = new Holding(queue, PATIENCE * delay);
  }

  /** The OTEL_BSP_* settings. */
  public static final class Timing {
    final int batch;
    final long scheduleDelayMillis;
    final long batchTimeoutMillis;
    final long firstPauseMillis;
    final Time time;

    /** The longest wait for a batch of this size, and the longest time that it is tried for. */
    public Timing(int batch, long scheduleDelayMillis, long batchTimeoutMillis) {
      this(batch, scheduleDelayMillis, batchTimeoutMillis, 1000);
    }

    Timing(int batch, long scheduleDelayMillis, long batchTimeoutMillis, long firstPauseMillis) {
      this(batch, scheduleDelayMillis, batchTimeoutMillis, firstPauseMillis, Time.OF_THE_JVM);
    }

    Timing(
        int batch,
        long scheduleDelayMillis,
        long batchTimeoutMillis,
        long firstPauseMillis,
        Time time) {
      this.time = time;
      this.batch = batch;
      this.scheduleDelayMillis = scheduleDelayMillis;
      this.batchTimeoutMillis = batchTimeoutMillis;
      this.firstPauseMillis = firstPauseMillis;
    }
  }

  /** What the exporter needs of the agent; called on the exporter's thread. */
  public interface Surroundings extends Messages {
    /** The resource's attributes: String, Long, Double, Boolean or String[]. */
    Map<String, Object> resource();

    /** The agent's version. */
    String version();

    /** How many classes the application has loaded so far. */
    long loadedClasses();

    /** The counts of what became of spans have changed. */
    default void counted() {}
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    delivery.queue(queue);
    delivery.waiting(
        new Complaints.Waiting() {
          @Override
          public int waiting() {
            return holding.waiting() + underWay;
          }
        });
    flushAtExit();
    while (!stopped) {
      try {
        step();
      } catch (Throwable thrown) {
        surroundings.warn(
            "the export of spans failed and goes on: " + thrown + "; please report this");
        LockSupport.parkNanos(this, 1_000_000_000);
      }
    }
  }

  private void step() {
    // An interrupt only ends a wait; kept, it would end all that follow.
    Thread.interrupted();
    // Read in this order: what was queued before the flush was asked for is seen by it.
    boolean flush = flushing;
    int waiting = queue.size();
    if (waiting == 0 || !flush && waiting < queue.batch()) {
      boolean last = ending && holding.waiting() > 0;
      if (flush && !last) {
        endFlush();
      }
      long now = System.nanoTime();
      long left = lastSent + delay() - now;
      if (left > 0 && !last && !holding.hasRipe(now)) {
        queue.await(holding.waiting() > 0 ? Math.min(left, LOOK_NANOS) : left);
        return;
      }
    }
    if (!flush && starting(waiting)) {
      queue.await(Math.min(delay(), STARTING_WINDOW_NANOS));
      return;
    }
    if (waiting < timing.batch) {
      lastSent = System.nanoTime();
    }
    if (waiting > 0 || holding.hasRipe(System.nanoTime()) || ending && holding.waiting() > 0) {
      export();
    } else if (delivering != null) {
      delivering.rest();
    }
  }

  private long delay() {
    return ending ? Math.min(delay, DELAY_IN_SHUTDOWN) : delay;
  }

  /**
   * Whether the application had better have the processors for itself: what the first export loads
   * and compiles costs as much as the rest of the agent's start, and nobody waits for it yet.
   */
  private boolean starting(int waiting) {
    if (delivering != null || waiting == 0 || waiting >= queue.batch()) {
      return false;
    }
    long now = System.nanoTime();
    long before = loadedClasses;
    loadedClasses = surroundings.loadedClasses();
    if (before < 0) {
      due = now;
      return true;
    }
    return loadedClasses - before >= STARTING_CLASSES && now - due < LONGEST_START_NANOS;
  }

  private void export() {
    Delivering to = delivering;
    Batch batch = this.batch;
    if (to == null || batch == null) {
      batch = this.batch = new Batch(anchor(), surroundings.resource(), surroundings.version());
      to = delivering = to(batch);
    }
    checkClock();
    batch.clear();
    try {
      fill(batch, ending, System.nanoTime());
      if (batch.count() == 0) {
        // The place in the queue is claimed but not written yet.
        LockSupport.parkNanos(this, SHORT);
        return;
      }
      if (!to.deliver()) {
        endFlush();
      }
    } catch (Throwable e) { // OkHttp may throw checked ones, too, which it does not declare
      int lost = underWay;
      underWay = 0;
      delivery.add(Outcome.FAILED, lost);
      throw e;
    }
  }

  private void fill(Batch batch, boolean all, long now) {
    while (batch.count() < timing.batch && !batch.large()) {
      Span span = holding.next(all, now);
      if (span == null) {
        break;
      }
      underWay = batch.count() + 1;
      if (!batch.add(span)) {
        underWay = batch.count();
        delivery.add(Outcome.FAILED, 1);
      }
    }
  }

  /** Delivers nothing once, so that all is loaded that delivering takes. */
  void rehearse() {
    stop();
    to(new Batch(anchor(), surroundings.resource(), surroundings.version())).deliver();
  }

  private EpochClock anchor() {
    EpochClock anchored = clock = new EpochClock();
    clockChecked = System.nanoTime();
    return anchored;
  }

  private Delivering to(Batch batch) {
    return new Delivering(this, target, batch, "spans", null, timing, delivery, delivery);
  }

  private void checkClock() {
    if (clock != null && System.nanoTime() - clockChecked > CLOCK_CHECK_NANOS) {
      clock.check();
      clockChecked = System.nanoTime();
    }
  }

  @Override
  public boolean flushing() {
    return flushing;
  }

  @Override
  public String version() {
    return surroundings.version();
  }

  @Override
  public void over() {
    underWay = 0;
  }

  @Override
  public void counted() {
    surroundings.counted();
  }

  @Override
  public void warn(String line) {
    surroundings.warn(line);
  }

  private void endFlush() {
    if (flushing) {
      leftByFlush = delivery.waiting();
      flushing = false;
      flushed.countDown();
    }
  }

  /** Sends what waits, for a bounded time; for the JVM's shutdown. */
  void flush() {
    Keeping.close();
    ending = true;
    flushing = true;
    Thread exporting = thread;
    if (exporting != null && exporting.getState() == Thread.State.TIMED_WAITING) {
      // It waits for spans or for a receiver that is away: no time for either.
      exporting.interrupt();
    }
    // And where it is about to wait, it does not.
    LockSupport.unpark(exporting);
    try {
      boolean done = flushed.await(FLUSH_NANOS, TimeUnit.NANOSECONDS);
      if (!done && delivering == null) {
        done = flushed.await(FLUSH_NANOS, TimeUnit.NANOSECONDS);
      }
      if (!done) {
        flushing = false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sayWhatIsLeft(flushed.getCount() == 0 ? leftByFlush : delivery.waiting());
  }

  private void sayWhatIsLeft(long waiting) {
    Delivering to = delivering;
    long left = waiting;
    if (left == 0 && to != null) {
      left = to.unsaid();
    }
    delivery.ended();
    if (left > 0) {
      surroundings.lastly(
          delivery.unsent(left, "span", target) + "; lost since the start: " + delivery.losses());
    }
  }

  /** Ends the thread without another look at the queue. */
  void stop() {
    stopped = true;
    flushing = true;
    LockSupport.unpark(thread);
  }

  private void flushAtExit() {
    Runnable work =
        new Runnable() {
          @Override
          public void run() {
            flush();
          }
        };
    if (!AtExit.run("sonde-flush", work)) {
      ending = true;
      flushing = true;
    }
  }
}
