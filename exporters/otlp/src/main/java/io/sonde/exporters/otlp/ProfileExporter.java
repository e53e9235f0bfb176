package io.sonde.exporters.otlp;

import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Messages;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Sender;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes finished windows and, on a thread of its own, brings them to an OTLP receiver.
 *
 * <p>A window is encoded on the profiler's thread and waits in a bounded backlog. Nothing is
 * loaded, resolved or connected before the first window is there.
 */
public final class ProfileExporter implements Sender, Delivering.Owner {
  private static final String GRPC =
      "opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export";

  /** How much may wait. */
  private static final long CAPACITY = 16 << 20;

  /** So long one request is tried: the newest profiles are worth more than the oldest. */
  private static final long REQUEST_MILLIS = 300_000;

  private static final long IDLE_NANOS = 60_000_000_000L;

  private final Target target;
  private final SpanExporter.Timing timing;
  private final Delivery delivery;
  private final Surroundings surroundings;
  private final ProfileBacklog backlog;
  private final CountDownLatch flushed = new CountDownLatch(1);
  private volatile boolean flushing;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;
  private @Nullable Delivering delivering;
  private @Nullable ProfileRequest request;

  /** What the exporter needs of the agent; called on the exporter's thread. */
  public interface Surroundings extends Messages {
    /** The resource's attributes. */
    Map<String, Object> resource();

    /** The agent's version. */
    String version();

    /** The counts of what became of profiles have changed; called on the profiler's thread, too. */
    default void counted() {}
  }

  /** Exports to {@code target}, and counts profiles. */
  public ProfileExporter(Target target, Delivery delivery, Surroundings surroundings) {
    this(target, delivery, surroundings, CAPACITY, REQUEST_MILLIS, 1000);
  }

  ProfileExporter(
      Target target,
      Delivery delivery,
      Surroundings surroundings,
      long capacity,
      long requestMillis,
      long firstPauseMillis) {
    this.target = target;
    this.delivery = delivery;
    this.surroundings = surroundings;
    timing = new SpanExporter.Timing(1, 0, requestMillis, firstPauseMillis);
    backlog = new ProfileBacklog(capacity);
    delivery.waiting(backlog);
  }

  @Override
  public void window(long startEpochNanos, long endEpochNanos, List<Profile> profiles) {
    int left = EncodedProfiles.count(profiles);
    try {
      long nanos = endEpochNanos - startEpochNanos;
      List<EncodedProfiles> all = EncodedProfiles.of(profiles, startEpochNanos, nanos);
      left = 0;
      for (EncodedProfiles encoded : all) {
        left += encoded.count;
      }
      for (EncodedProfiles encoded : all) {
        delivery.add(Outcome.QUEUE_FULL, backlog.add(encoded));
        left -= encoded.count;
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      delivery.add(Outcome.FAILED, left);
    }
    surroundings.counted();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    while (!stopped) {
      try {
        step();
      } catch (InterruptedException e) {
        // It only ends a wait.
      } catch (Throwable thrown) {
        surroundings.warn(
            "the export of profiles failed and goes on: " + thrown + "; please report this");
        LockSupport.parkNanos(this, 1_000_000_000);
      }
    }
  }

  private void step() throws InterruptedException {
    // Read first: what was added before the flush was asked for is seen by it.
    boolean flush = flushing;
    EncodedProfiles next = backlog.take(flush ? 0 : IDLE_NANOS);
    if (next == null) {
      if (flush) {
        endFlush();
      } else if (delivering != null) {
        delivering.rest();
      }
      return;
    }
    boolean there;
    try {
      there = deliver(next);
    } catch (Throwable e) { // OkHttp may throw checked ones, too, which it does not declare
      backlog.done();
      delivery.add(Outcome.FAILED, next.count);
      surroundings.counted();
      throw e;
    }
    if (!there) {
      endFlush();
    }
  }

  private boolean deliver(EncodedProfiles next) {
    ProfileRequest body = request;
    Delivering to = delivering;
    if (body == null || to == null) {
      body = request = new ProfileRequest(surroundings.resource(), surroundings.version());
      to =
          delivering =
              new Delivering(this, target, body, "profiles", GRPC, timing, delivery, backlog);
    }
    body.set(next);
    return to.deliver();
  }

  @Override
  public boolean flushing() {
    return flushing || stopped;
  }

  @Override
  public String version() {
    return surroundings.version();
  }

  @Override
  public void over() {
    backlog.done();
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
      flushing = false;
      flushed.countDown();
    }
  }

  /** What is left after that is said. */
  @Override
  public void flush(long millis) {
    if (stopped) {
      return;
    }
    flushing = true;
    wake();
    try {
      if (!flushed.await(millis, TimeUnit.MILLISECONDS)) {
        flushing = false;
      }
      int left = backlog.waiting();
      if (left > 0) {
        delivery.ended();
        surroundings.lastly(delivery.unsent(left, "profile", target));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it waits for a window or for a receiver that is away: no time for either. */
  private void wake() {
    backlog.wake();
    Thread exporting = thread;
    if (exporting != null && exporting.getState() == Thread.State.TIMED_WAITING) {
      exporting.interrupt();
    }
    LockSupport.unpark(exporting);
  }

  /** Ends the thread without another look at the backlog. */
  void stop() {
    stopped = true;
    wake();
  }
}
