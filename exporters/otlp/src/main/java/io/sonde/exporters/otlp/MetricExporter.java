package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.sonde.core.AtExit;
import io.sonde.core.Complaints;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Red;
import io.sonde.core.Traffic;
import io.sonde.core.metrics.MetricSource;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that reads all metrics once an interval and sends them, once more when the JVM begins
 * to end, and from then on shortly after further calls.
 *
 * <p>Nothing is loaded, resolved or connected before the first interval is over, nor at the end of
 * a JVM in which no call was recorded. What a receiver does not take is part of the next export,
 * and counted as not arrived.
 */
public final class MetricExporter implements Runnable {
  /** How long the end of the JVM waits for the last export. */
  private static final long FLUSH_NANOS = 2_000_000_000L;

  /** After shutdown has begun the application may still answer requests. */
  private static final long INTERVAL_IN_SHUTDOWN = 200_000_000;

  private static final long FIRST_PAUSE_MILLIS = 1000;

  private final Target target;
  private final Red red;
  private final MetricSource source;
  private long interval; // exporting thread only, once it runs
  private long callsSent; // exporting thread only
  private final Temporality temporality;
  private final boolean exponential;
  private final Delivery delivery;
  private final long started = System.currentTimeMillis();
  private final SpanExporter.Surroundings surroundings;
  private final CountDownLatch flushed = new CountDownLatch(1);
  private volatile boolean flushing;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;
  private volatile boolean inShutdown;
  private @Nullable Sending sending;

  /**
   * Exports what {@code source} has to {@code target}.
   *
   * @param exponential whether histograms have exponential buckets, where they are counted
   * @param red what makes an export worthwhile at the end of a short life
   */
  public MetricExporter(
      Target target,
      Red red,
      MetricSource source,
      long intervalMillis,
      Temporality temporality,
      boolean exponential,
      Delivery delivery,
      SpanExporter.Surroundings surroundings) {
    this.target = target;
    this.red = red;
    this.source = source;
    interval = Math.max(1, intervalMillis) * 1_000_000;
    this.temporality = temporality;
    this.exponential = exponential;
    this.delivery = delivery;
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    flushAtExit();
    long next = System.nanoTime() + interval;
    while (!stopped) {
      // An interrupt only ends a wait; kept, it would end all that follow.
      Thread.interrupted();
      boolean flush = flushing;
      long left = next - System.nanoTime();
      if (!flush && left > 0) {
        LockSupport.parkNanos(this, left);
        continue;
      }
      if (isDue(flush)) {
        export();
      }
      if (flush) {
        endFlush();
        next = System.nanoTime();
      }
      long now = System.nanoTime();
      next = Math.max(Math.max(next + interval, now + interval / 2), now + asked());
    }
  }

  /** While the JVM ends there is news only where calls were recorded, or did not arrive. */
  private boolean isDue(boolean flush) {
    if (flush) {
      return sending != null || !red.isEmpty();
    }
    return !inShutdown || red.calls() != callsSent;
  }

  /** How long the receiver wants to be left alone; the JVM's end sends once all the same. */
  private long asked() {
    Sending to = sending;
    return to == null ? 0 : to.senders.askedMillis() * 1_000_000;
  }

  private void endFlush() {
    flushing = false;
    inShutdown = true;
    interval = Math.min(interval, INTERVAL_IN_SHUTDOWN);
    flushed.countDown();
  }

  private void export() {
    long calls = red.calls();
    try {
      Sending to = sending;
      if (to == null) {
        sending = to = new Sending();
      }
      callsSent = to.send() ? calls : -1;
      if (Math.max(interval, asked()) > PlainPosting.LONGEST_IDLE_NANOS) {
        to.senders.close();
      }
    } catch (Throwable thrown) {
      surroundings.warn(
          "the export of metrics failed and goes on: " + thrown + "; please report this");
    }
  }

  private void flushAtExit() {
    Runnable work =
        new Runnable() {
          @Override
          public void run() {
            flush();
          }
        };
    if (!AtExit.run("sonde-flush-metrics", work)) {
      flushing = true;
    }
  }

  /** Exports once more at once, for a bounded time; for the JVM's shutdown. */
  void flush() {
    flushing = true;
    Thread exporting = thread;
    if (exporting != null && exporting.getState() == Thread.State.TIMED_WAITING) {
      // It waits for the interval or for a receiver that is away: no time for either.
      exporting.interrupt();
    }
    // And where it is about to wait, it does not.
    LockSupport.unpark(exporting);
    try {
      flushed.await(FLUSH_NANOS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread without another export. */
  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  /** At the end of the JVM there is no time to try again. */
  private final class WhileTheJvmLives implements Retries.When {
    @Override
    public boolean passes(IOException failure) {
      return waits();
    }

    @Override
    public boolean waits() {
      return !flushing && !inShutdown;
    }
  }

  /** What is made for the first export and used for all. */
  private final class Sending {
    private final MetricBatch batch =
        new MetricBatch(
            temporality, exponential, started, surroundings.resource(), surroundings.version());
    private final Retries retries = new Retries(FIRST_PAUSE_MILLIS, new WhileTheJvmLives());
    private final Senders senders =
        new Senders(target, Traffic.METRICS, retries, surroundings.version());
    private final io.opentelemetry.sdk.metrics.export.MetricExporter sender =
        new Exporters(target, senders, surroundings, surroundings.version()).metrics();
    private boolean partialSaid;

    boolean send() {
      for (MetricBatch.Part part : batch.read(source)) {
        Failure failure = part.metrics.isEmpty() ? null : attempt(part);
        if (failure != null) {
          delivery.add(failure.outcome, part.points());
          if (!inShutdown) {
            surroundings.warn("metrics do not reach " + target + ": " + failure.text);
          }
          return false;
        }
        batch.arrived(part);
      }
      return true;
    }

    private @Nullable Failure attempt(MetricBatch.Part part) {
      senders.forget();
      CompletableResultCode result = sender.export(part.metrics);
      // All of it happened on this thread; the wait is for the day when it does not.
      result.join(target.timeoutMillis + 1000, TimeUnit.MILLISECONDS);
      if (!result.isSuccess()) {
        return Failure.of(result.getFailureThrowable(), target);
      }
      byte[] answer = senders.answer();
      if (Failure.page(answer)) {
        return Failure.page();
      }
      byte[] partial = new Fields(answer).bytes(1);
      long rejected = partial == null ? 0 : rejected(partial, part.points());
      delivery.add(Outcome.REJECTED, rejected);
      delivery.add(Outcome.EXPORTED, part.points() - rejected);
      return null;
    }

    /** How many points the receiver did not take of a request that it took. */
    private long rejected(byte[] partial, int points) {
      long rejected = Math.max(0, Math.min(new Fields(partial).number(1), points));
      String message = Complaints.line(new Fields(partial).text(2));
      if (!partialSaid && (rejected > 0 || !message.isEmpty())) {
        partialSaid = true;
        surroundings.warn(
            target
                + (rejected > 0 ? " rejected " + rejected + " samples of a request: " : " warns: ")
                + message
                + " (said once)");
      }
      return rejected;
    }
  }
}
