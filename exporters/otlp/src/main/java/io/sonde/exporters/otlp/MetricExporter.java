package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.sonde.core.Red;
import io.sonde.core.metrics.MetricSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The thread that reads all metrics once an interval and sends them, and once more when the JVM
 * ends.
 *
 * <p>Nothing is loaded, resolved or connected before the first interval is over, nor at the end of
 * a JVM in which no call was recorded. What a receiver does not take is part of the next export.
 */
public final class MetricExporter implements Runnable {
  /** How long the end of the JVM waits for the last export. */
  private static final long FLUSH_NANOS = 2_000_000_000L;

  private final Target target;
  private final Red red;
  private final MetricSource source;
  private final long interval;
  private final Temporality temporality;
  private final SpanExporter.Surroundings surroundings;
  private final CountDownLatch flushed = new CountDownLatch(1);
  private volatile boolean flushing;
  private volatile @Nullable Thread thread;
  private @Nullable Sending sending;

  /**
   * Exports what {@code source} has to {@code target}.
   *
   * @param red what makes an export worthwhile at the end of a short life
   */
  public MetricExporter(
      Target target,
      Red red,
      MetricSource source,
      long intervalMillis,
      Temporality temporality,
      SpanExporter.Surroundings surroundings) {
    this.target = target;
    this.red = red;
    this.source = source;
    interval = Math.max(1, intervalMillis) * 1_000_000;
    this.temporality = temporality;
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    flushAtExit();
    long next = System.nanoTime() + interval;
    while (!flushing) {
      // An interrupt only ends a wait; kept, it would end all that follow.
      Thread.interrupted();
      long left = next - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(this, left);
        continue;
      }
      next = Math.max(next + interval, System.nanoTime() + interval / 2);
      export();
    }
    Thread.interrupted();
    if (sending != null || !red.isEmpty()) {
      export();
    }
    flushed.countDown();
  }

  private void export() {
    try {
      Sending to = sending;
      if (to == null) {
        sending = to = new Sending();
      }
      to.send();
    } catch (Throwable thrown) {
      surroundings.warn(
          "the export of metrics failed and goes on: " + thrown + "; please report this");
    }
  }

  private void flushAtExit() {
    Thread hook =
        new Thread(null, null, "sonde-flush-metrics", 0) {
          @Override
          public void run() {
            flush();
          }
        };
    hook.setContextClassLoader(null);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is on its way out already.
      flushing = true;
    }
  }

  /** Ends the thread with one more export, for a bounded time; for the JVM's shutdown. */
  void flush() {
    flushing = true;
    Thread exporting = thread;
    if (exporting != null && exporting.getState() == Thread.State.TIMED_WAITING) {
      // It waits for the interval or for a receiver that is away: no time for either.
      exporting.interrupt();
    }
    try {
      flushed.await(FLUSH_NANOS, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is made for the first export and used for all. */
  private final class Sending {
    private final MetricBatch batch =
        new MetricBatch(temporality, surroundings.resource(), surroundings.version());
    private final io.opentelemetry.sdk.metrics.export.MetricExporter sender =
        new Exporters(target, new Senders(null), surroundings)
            .metrics(RetryPolicy.builder().setRetryExceptionPredicate(e -> !flushing).build());

    void send() {
      List<MetricData> metrics = batch.read(source);
      CompletableResultCode result = sender.export(metrics);
      // All of it happened on this thread; the wait is for the day when it does not.
      result.join(target.timeoutMillis + 1000, TimeUnit.MILLISECONDS);
      if (result.isSuccess()) {
        batch.arrived();
      } else {
        Failure failure = Failure.of(result.getFailureThrowable(), target);
        surroundings.warn("metrics do not reach " + target + ": " + failure.text);
      }
    }
  }
}
