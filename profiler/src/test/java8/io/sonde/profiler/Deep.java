package io.sonde.profiler;

import io.sonde.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A program that computes at the end of deep stacks, and writes its CPU profiles to a folder. */
public final class Deep {
  private static final int TURNS = 20;

  private static volatile long spins;

  private Deep() {}

  /** The folder, and how many windows it stays. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Paths.get(arguments[0]);
    CountDownLatch windows = new CountDownLatch(Integer.parseInt(arguments[1]));
    start(Deep::hundred);
    start(Deep::twoHundred);
    Thread profiler =
        Profiler.thread(
            new Plan(new Settings(System::getProperty, name -> null), false, false),
            (start, end, profiles) -> {
              profiles.forEach(
                  profile -> {
                    String name = windows.getCount() + "-" + profile.type() + ".pprof";
                    write(folder.resolve(name), profile.encode(start, end - start));
                  });
              windows.countDown();
            },
            line -> System.out.println("said: " + line));
    profiler.start();
    windows.await();
    profiler.interrupt();
    profiler.join();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  private static void hundred() {
    for (; ; ) {
      down(100);
    }
  }

  private static void twoHundred() {
    for (; ; ) {
      down(200);
    }
  }

  private static void down(int more) {
    if (more > 0) {
      down(more - 1);
      spins++; // no tail, whoever compiles this
    } else {
      burn();
    }
  }

  /**
   * Half of the time: the profiler is to get on. Not for ever: Flight Recorder may not find its way
   * down one stack, and down the next one made in the same way.
   */
  private static void burn() {
    for (int turn = 0; turn < TURNS; turn++) {
      long until = System.nanoTime() + 5_000_000;
      while (System.nanoTime() < until) {
        for (int i = 0; i < 1000; i++) {
          spins = spins * 31 + i;
        }
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
