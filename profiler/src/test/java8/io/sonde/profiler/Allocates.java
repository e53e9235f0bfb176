package io.sonde.profiler;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.sonde.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that allocates much more than a small budget lets the profiler see, and writes each
 * window's profiles, what the JVM counted meanwhile, and what the governor says to a folder.
 */
public final class Allocates {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final AtomicLong EXCEPTIONS = new AtomicLong();

  @SuppressWarnings("UnusedVariable") // what is stored is allocated
  private static volatile Object sink;

  private static volatile boolean stopping;

  private Allocates() {}

  /** Folder, and how many windows, unless a file {@code end} is there before. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Paths.get(arguments[0]);
    int all = Integer.parseInt(arguments[1]);
    Path end = folder.resolve("end");
    CountDownLatch windows = new CountDownLatch(all);
    Queue<String> counters = new ConcurrentLinkedQueue<>();
    Thread profiler =
        Profiler.thread(
            new Plan(new Settings(System::getProperty, name -> null), false, false),
            (begun, ended, profiles) -> {
              long number = all - windows.getCount() + 1;
              profiles.forEach(
                  profile ->
                      write(
                          folder.resolve(number + "-" + profile.type() + ".pprof"),
                          profile.encode(begun, ended - begun)));
              line(
                  folder.resolve("windows"),
                  begun / 1_000_000 + " " + ended / 1_000_000 + " " + cost());
              windows.countDown();
            },
            line -> System.out.println("said: " + line));
    Thread[] threads = {
      new Thread(Allocates::run), new Thread(Allocates::run), new Thread(Allocates::fail)
    };
    for (Thread thread : threads) {
      thread.start();
    }
    profiler.start();
    do {
      counters.add(counters());
    } while (!windows.await(20, TimeUnit.MILLISECONDS) && !Files.exists(end));
    counters.add(counters());
    System.out.println("costs " + Expense.PROFILER);
    profiler.interrupt();
    profiler.join();
    counters.add(counters());
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
    Files.write(folder.resolve("counters"), counters);
  }

  private static String counters() {
    return System.currentTimeMillis()
        + " "
        + SYSTEM.getProcessCpuTime()
        + " "
        + bytes()
        + " "
        + EXCEPTIONS
        + " "
        + System.currentTimeMillis();
  }

  /** What profiling has taken of this program's threads so far, and what it was allowed in all. */
  private static String cost() {
    return Expense.PROFILER.takingNanos() + " " + Expense.PROFILER.allowedNanos();
  }

  private static void line(Path file, String line) {
    try {
      List<String> lines = Collections.singletonList(line);
      Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the threads that live: all of them do. */
  private static long bytes() {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  private static void run() {
    while (!stopping) {
      for (int i = 0; i < 100; i++) {
        sink = new byte[1000];
      }
    }
  }

  /** Some hundred exceptions a second, all the time. */
  private static void fail() {
    while (!stopping) {
      for (int i = 0; i < 3; i++) {
        sink = new IllegalStateException();
        EXCEPTIONS.incrementAndGet();
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
