package io.sonde.exporters.pyroscope;

import io.sonde.core.Complaints;
import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Messages;
import io.sonde.core.Traffic;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Sender;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Takes finished windows and, on a thread of its own, brings them to Pyroscope and keeps count.
 *
 * <p>Profiles go one by one, in order: of a request with several a server may keep some and refuse
 * it all the same. One that fails for a reason that passes is tried again, with growing pauses or
 * as the server asks, until it is an hour old, which the server would refuse. Nothing is loaded,
 * resolved or connected before the first window is there.
 */
public final class PyroscopeExporter implements Sender {
  /** How much may wait. */
  static final int CAPACITY = 16 << 20;

  /** Pyroscope refuses what is older than an hour; a minute is for clocks that differ. */
  private static final long MAX_AGE_MILLIS = 59 * 60_000;

  private static final long LONGEST_PAUSE = 60_000_000_000L;
  private static final long SECOND = 1_000_000_000L;
  private static final long IDLE_NANOS = 60_000_000_000L;

  private final Server server;
  private final Delivery delivery;
  private final Surroundings surroundings;
  private final Backlog backlog;
  private final Complaints complaints;
  private final long firstPause;
  private final Pace pace = new Pace(System.nanoTime());
  private final CountDownLatch flushed = new CountDownLatch(1);
  private volatile boolean flushing;
  private volatile boolean stopped;
  private volatile @Nullable Thread thread;
  private volatile @Nullable OkHttpClient client;
  private @Nullable Requests requests;

  /** A recording came, or it was said that none does; profiler's thread only. */
  private boolean recorded;

  /** It was said that some are not sent; profiler's thread only. */
  private boolean saidWithheld;

  private long pause;

  /** What the exporter needs of the agent; called on the exporter's thread. */
  public interface Surroundings extends Messages {
    /** The resource's attributes. */
    Map<String, Object> resource();

    /** The agent's version. */
    String version();

    /** The counts of what became of profiles have changed; called on the profiler's thread, too. */
    default void counted() {}
  }

  /** Exports to {@code server}, and counts profiles. */
  public PyroscopeExporter(Server server, Delivery delivery, Surroundings surroundings) {
    this(server, delivery, surroundings, CAPACITY, 1000);
  }

  PyroscopeExporter(
      Server server,
      Delivery delivery,
      Surroundings surroundings,
      int capacity,
      long firstPauseMillis) {
    this.server = server;
    this.delivery = delivery;
    this.surroundings = surroundings;
    backlog = new Backlog(capacity);
    delivery.waiting(backlog);
    complaints = new Complaints(surroundings, "profiles", server, delivery, backlog);
    firstPause = pause = firstPauseMillis * 1_000_000;
  }

  @Override
  public void recording(long startEpochNanos, long endEpochNanos, long cpuPeriod, InputStream jfr)
      throws IOException {
    recorded = true;
    byte[] packed;
    try {
      packed = Recorded.pack(jfr, server.compression);
    } catch (OutOfMemoryError e) {
      lost("there was no memory for a recording");
      return;
    }
    if (packed == null) {
      lost("a recording has more than " + Recorded.MOST + " bytes");
      return;
    }
    long rate = Math.max(1, SECOND / Math.max(1, cpuPeriod));
    Upload upload = new Upload(startEpochNanos, endEpochNanos, packed, rate);
    delivery.add(Outcome.QUEUE_FULL, backlog.add(upload));
  }

  @Override
  public void withheld(String why) {
    recorded = true;
    lost("a recording is not sent: " + why);
    if (!saidWithheld) {
      saidWithheld = true;
      surroundings.warn(
          "a recording is not sent to Pyroscope, nor further ones while that is so: "
              + why
              + "; SONDE_PYROSCOPE_ENDPOINT=push sends profiles alone");
    }
  }

  private void lost(String why) {
    delivery.add(Outcome.FAILED, 1);
    delivery.failed(why);
  }

  @Override
  public void window(long startEpochNanos, long endEpochNanos, List<Profile> profiles) {
    if (server.jfr) {
      if (!recorded) {
        recorded = true;
        surroundings.warn(
            "nothing is sent to Pyroscope: SONDE_PYROSCOPE_ENDPOINT is jfr and this engine makes no"
                + " recordings; push sends its profiles");
      }
      surroundings.counted();
      return;
    }
    for (Profile profile : profiles) {
      if (profile.isEmpty()) {
        continue;
      }
      try {
        long nanos = endEpochNanos - startEpochNanos;
        for (byte[] pprof : profile.encodeForServer(startEpochNanos, nanos, server.compression)) {
          Upload upload = new Upload(startEpochNanos, endEpochNanos, profile.type(), pprof);
          delivery.add(Outcome.QUEUE_FULL, backlog.add(upload));
        }
      } catch (RuntimeException | OutOfMemoryError e) {
        delivery.add(Outcome.FAILED, 1);
      }
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
            "the upload of profiles failed and goes on: " + thrown + "; please report this");
        pause(1_000_000_000);
      }
    }
  }

  private void step() throws InterruptedException {
    // Read first: what was added before the flush was asked for is seen by it.
    boolean flush = flushing;
    Upload next = backlog.first(flush ? 0 : IDLE_NANOS);
    if (next == null) {
      if (flush) {
        endFlush();
      }
      return;
    }
    if (System.currentTimeMillis() - next.startEpochNanos / 1_000_000 > MAX_AGE_MILLIS) {
      lost(next, Outcome.TOO_OLD);
      return;
    }
    backlog.pause(pace.take(next.rawBytes(), System.nanoTime()));
    Answer answer = attempt(next);
    next.tries++;
    try {
      settle(next, answer);
    } finally {
      surroundings.counted();
    }
  }

  private void settle(Upload next, Answer answer) {
    if (answer.outcome != Outcome.EXPORTED) {
      delivery.failed(answer.text);
    }
    if (answer.outcome == Outcome.EXPORTED) {
      pause = firstPause;
      backlog.remove(next);
      delivery.add(Outcome.EXPORTED, 1);
      complaints.summary();
    } else if (!answer.outcome.passing() || next.tries >= server.maxTries) {
      lost(next, answer.outcome);
      complaints.about(answer.text);
    } else {
      complaints.about(answer.text);
      backlog.waits();
      endFlush();
      waitFor(answer);
    }
  }

  private Answer attempt(Upload upload) {
    Requests make = requests;
    OkHttpClient to = client;
    if (make == null || to == null) {
      Map<String, String> labels = StaticLabels.of(server, surroundings.resource());
      try {
        make = requests = new Requests(server, labels, surroundings.version());
      } catch (IllegalArgumentException e) {
        return Answer.impossible("the address is not usable (" + e.getMessage() + ")");
      }
      to = client = client();
    }
    Traffic.PROFILES.sent(upload.content.length);
    Answer answer = answer(to, make.of(upload));
    Traffic.PROFILES.over(answer.outcome == Outcome.EXPORTED);
    return answer;
  }

  private Answer answer(OkHttpClient to, Request request) {
    try (Response response = to.newCall(request).execute()) {
      return Answer.of(response, server);
    } catch (IOException e) {
      return Answer.of(e);
    } catch (RuntimeException e) { // of somebody who forbids connections, say
      return Answer.impossible(String.valueOf(e));
    }
  }

  private OkHttpClient client() {
    return new OkHttpClient.Builder()
        .callTimeout(server.timeoutMillis, TimeUnit.MILLISECONDS)
        .connectTimeout(server.timeoutMillis, TimeUnit.MILLISECONDS)
        .readTimeout(server.timeoutMillis, TimeUnit.MILLISECONDS)
        .writeTimeout(server.timeoutMillis, TimeUnit.MILLISECONDS)
        // A redirect would turn the POST into a GET.
        .followRedirects(false)
        .fastFallback(false)
        .connectionPool(new ConnectionPool(1, 30, TimeUnit.SECONDS))
        .build();
  }

  private void lost(Upload upload, Outcome outcome) {
    backlog.remove(upload);
    delivery.add(outcome, 1);
  }

  private void waitFor(Answer answer) {
    long wait = (long) (pause * (0.8 + 0.4 * ThreadLocalRandom.current().nextDouble()));
    pause = Math.min(LONGEST_PAUSE, pause * 2);
    pause(Math.max(wait, answer.waitMillis * 1_000_000));
  }

  /** Waits so long, or until the JVM ends. */
  private void pause(long nanos) {
    if (!flushing && !stopped) {
      try {
        backlog.pause(nanos);
      } catch (InterruptedException e) {
        // The JVM ends, and the first upload gets its last chance.
      }
    }
  }

  private void endFlush() {
    if (flushing) {
      flushing = false;
      flushed.countDown();
    }
  }

  /** Each once; what is left after that is said. */
  @Override
  public void flush(long millis) {
    if (stopped) {
      return;
    }
    flushing = true;
    // Whether it waits for a window or for a server that is away: no time for either.
    backlog.wake();
    try {
      if (!flushed.await(millis, TimeUnit.MILLISECONDS)) {
        flushing = false;
      }
      int left = backlog.waiting();
      if (left > 0) {
        delivery.ended();
        surroundings.lastly(delivery.unsent(left, "profile", server));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread without another look at the backlog. */
  void stop() {
    stopped = true;
    Thread uploading = thread;
    if (uploading != null) {
      uploading.interrupt();
    }
    OkHttpClient of = client;
    if (of != null) {
      of.dispatcher().cancelAll();
    }
  }

  /** How many bytes wait. */
  long waiting() {
    return backlog.bytes();
  }
}
