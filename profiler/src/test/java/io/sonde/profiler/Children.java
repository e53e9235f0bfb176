package io.sonde.profiler;

import io.sonde.core.DatabaseSpan;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.core.database.Database;
import io.sonde.profiler.pprof.Profile;
import io.sonde.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A program whose threads make others, in spans and outside, that know nothing of spans: the method
 * that a thread runs says in which kind of span it was made.
 */
public final class Children {
  private static final Database DATABASE = new Database("h2", "shop", null, 0);
  private static final int EACH = 3;
  private static final int MILLIS = 40;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static volatile boolean stopping;
  private static int spins;

  private Children() {}

  /** A parent and what it has found out. */
  private static final class Parent extends Thread {
    private final List<String> truth;
    private final boolean apart;

    @SuppressWarnings("UnusedVariable") // that it is made matters
    private Thread neverStarts;

    /**
     * @param apart what it makes outside of spans inherits nothing; else it does, and this one
     *     makes threads in spans that never start
     */
    Parent(List<String> truth, boolean apart) {
      this.truth = truth;
      this.apart = apart;
    }

    @Override
    public void run() {
      try {
        while (!stopping) {
          inSpan("markFirst", Children::markFirst);
          outside();
          inSpan("markSecond", Children::markSecond);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void inSpan(String marker, Runnable work) throws InterruptedException {
      ServerSpan span = ServerSpan.start("", (carrier, name) -> null, "GET");
      DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
      truth.add("%016x %s".formatted(span.id(), marker));
      truth.add("%016x markQuery".formatted(query.id()));
      if (!apart) {
        neverStarts = new Thread(Children::markNone);
        Thread.sleep(5);
      }
      List<Thread> some = new ArrayList<>();
      for (int i = 0; i < EACH; i++) {
        some.add(new Thread(work));
        query.enter();
        some.add(new Thread(Children::markQuery));
        query.leave();
      }
      Collections.shuffle(some);
      some.forEach(Thread::start);
      Thread alone = new Thread(work);
      alone.start();
      some.add(alone);
      for (Thread each : some) {
        each.join();
      }
      query.end();
      span.exit();
      span.end();
    }

    private void outside() throws InterruptedException {
      Thread thread = new Thread(null, Children::markNone, "outside", 0, !apart);
      thread.start();
      thread.join();
    }
  }

  /** Folder, and how many windows after the first one. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    CountDownLatch windows = new CountDownLatch(count + 1);
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext"), new SpanQueue(1024, 512));
    Thread profiler =
        Profiler.thread(
            new Plan(new Settings(System::getProperty, name -> null), false, false),
            (start, end, profiles) -> {
              write(folder, windows.getCount(), count, start, end, profiles);
              windows.countDown();
            },
            line -> System.out.println("said: " + line));
    profiler.start();
    List<String> truth = Collections.synchronizedList(new ArrayList<>());
    List<Parent> parents = List.of(new Parent(truth, true), new Parent(truth, false));
    parents.forEach(Thread::start);
    windows.await();
    stopping = true;
    for (Parent parent : parents) {
      parent.join();
    }
    Files.write(folder.resolve("truth"), truth);
    profiler.interrupt();
    profiler.join();
  }

  private static void write(
      Path folder, long number, long count, long start, long end, List<Profile> profiles) {
    try {
      for (Profile profile : profiles) {
        if (number > 0 && number <= count) {
          Files.write(
              folder.resolve(number + "-" + profile.type() + ".pprof"),
              profile.encode(start, end - start));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void markFirst() {
    burn();
  }

  private static void markQuery() {
    burn();
  }

  private static void markSecond() {
    burn();
  }

  private static void markNone() {
    burn();
  }

  private static void burn() {
    long end = THREADS.getCurrentThreadCpuTime() + MILLIS * 1_000_000L;
    while (THREADS.getCurrentThreadCpuTime() < end) {
      for (int i = 0; i < 30_000; i++) {
        spins = spins * 31 + i;
      }
    }
  }
}
