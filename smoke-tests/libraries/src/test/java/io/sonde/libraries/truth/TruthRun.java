package io.sonde.libraries.truth;

import io.sonde.libraries.servers.AppSource;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The program whose stacks tell the truth, under some agent and load. */
final class TruthRun {
  private static final String[] KINDS = {
    "nested", "pool", "futures", "virtual", "reactor", "async", "client"
  };
  private static final int CALLERS = 4;

  /** Beyond that come bits that have a meaning. */
  private static final int MAX = 0x1fff;

  private static final Duration LONG = Duration.ofMinutes(3);

  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean counting;
  private volatile boolean stopping;
  private volatile @Nullable IOException failure;
  private int first;
  private List<ReceivedSpan> spans = List.of();

  private static final class Program {
    static final List<Path> CLASS_PATH =
        AppSource.of("truth")
            .compile(
                Artifacts.classPath(
                    "org.apache.tomcat.embed:tomcat-embed-core:9.0.121",
                    "io.projectreactor:reactor-core:3.7.9",
                    "com.h2database:h2:2.1.214"));
  }

  static JvmLaunch launch(Jdk jdk) {
    return ForkedJvm.on(jdk)
        .classPath(Program.CLASS_PATH)
        .main("app.TruthMain")
        .jvmArg("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
        .env("OTEL_SERVICE_NAME", "truth");
  }

  /**
   * Runs it: load until profiles come, then what counts, for so many samples or so long, and then
   * until there is a profile of all of that.
   */
  static TruthRun of(
      JvmLaunch launch, OtlpSink sink, Profiles profiles, int samples, Duration longest)
      throws Exception {
    TruthRun run = new TruthRun();
    try (ForkedJvm app = launch.start()) {
      run.load(app.awaitPort(LONG), profiles, samples, longest);
      profiles.end();
      run.spans = sink.awaitAll(app, LONG);
    }
    return run;
  }

  /** What has arrived of profiles. */
  interface Profiles {
    /** Whether there are any of the time from then on. */
    boolean begunAfter(long epochNanos);

    /** How many samples there are. */
    int samples();

    /** All have come, and the program is there yet. */
    default void end() throws IOException, InterruptedException {}
  }

  private void load(int port, Profiles profiles, int samples, Duration longest) throws Exception {
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      Thread caller = new Thread(() -> call(port), "caller");
      caller.setDaemon(true);
      caller.start();
      callers.add(caller);
    }
    await(() -> profiles.begunAfter(0));
    first = next.get();
    counting = true;
    int before = profiles.samples();
    long deadline = System.nanoTime() + longest.toNanos();
    while (profiles.samples() - before < samples && System.nanoTime() - deadline < 0) {
      Thread.sleep(100);
    }
    stopping = true;
    for (Thread caller : callers) {
      caller.join();
    }
    long end = System.currentTimeMillis() * 1_000_000;
    await(() -> profiles.begunAfter(end));
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("no profiles within " + LONG);
      }
      if (failure != null) {
        throw new AssertionError("no answer", failure);
      }
      Thread.sleep(50);
    }
  }

  private void call(int port) {
    while (!stopping) {
      int number = next.getAndIncrement();
      if (number > MAX) {
        return;
      }
      if (!counting) {
        pause(); // there are so many numbers, and what counts needs them
      }
      String kind = KINDS[number % KINDS.length];
      try {
        URI uri = URI.create("http://localhost:%d/%s/%04x".formatted(port, kind, number));
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        try (InputStream in = connection.getInputStream()) {
          in.readAllBytes();
        }
      } catch (IOException e) {
        failure = e;
        return;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  List<ReceivedSpan> spans() {
    return spans;
  }

  /** Whether it is of the time that counts. */
  boolean counts(TruthSample.Told told) {
    return (told.number() & MAX) >= first;
  }
}
