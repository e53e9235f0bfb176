package io.sonde.profiler;

import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A program that knows how long its threads waited, and writes each window's profiles to a folder.
 */
public final class Waits {
  private static final int WINDOWS_AFTER = 2;
  private static final Object BUSY = new Object();
  private static final Gate GATE = new Gate();
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static volatile long waited;
  private static int spins;

  private Waits() {}

  /** What is waited for: its name tells its waits from others. */
  private static final class Gate {}

  /**
   * Folder, {@code thinned} where waits are to be thinned first, else {@code all}, and how long
   * each wait is to last, in milliseconds.
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Paths.get(arguments[0]);
    AtomicInteger windows = new AtomicInteger();
    Tracing.start(Sampler.on(true), Propagation.of("none"), new SpanQueue(64, 64));
    Thread profiler =
        Profiler.thread(
            new Plan(new Settings(System::getProperty, name -> null), false, false),
            (start, end, profiles) -> {
              int number = windows.get();
              profiles.forEach(
                  profile ->
                      write(
                          folder.resolve(number + "-" + profile.type() + ".pprof"),
                          profile.encode(start, end - start)));
              windows.incrementAndGet();
            },
            line -> System.out.println("said: " + line));
    profiler.start();
    await(windows, 1);
    if (arguments[1].equals("thinned")) {
      contend();
      contend();
      while (Expense.PROFILER.thinned(Governor.Kind.WAITS) < 4) {
        Thread.sleep(20);
      }
    }
    for (int i = 2; i < arguments.length; i++) {
      long millis = Long.parseLong(arguments[i]);
      monitor(millis);
      lock("lock", millis, ready -> inSpan(() -> park(ready)));
      lock("free", millis, Waits::parkOutside);
      idle(millis);
    }
    await(windows, windows.get() + WINDOWS_AFTER);
    System.out.println("costs " + Expense.PROFILER);
    profiler.interrupt();
    profiler.join();
  }

  private static void await(AtomicInteger count, int wanted) throws InterruptedException {
    while (count.get() < wanted) {
      Thread.sleep(20);
    }
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Threads that find a monitor taken all the time, never for long. */
  private static void contend() {
    Thread thread =
        new Thread(
            () -> {
              for (; ; ) {
                synchronized (BUSY) {
                  for (int i = 0; i < 10_000; i++) {
                    spins = spins * 31 + i;
                  }
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void monitor(long millis) throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    Thread thread = new Thread(() -> inSpan(() -> enter(ready)));
    long held;
    synchronized (GATE) {
      thread.start();
      held = hold(thread, ready, millis);
    }
    thread.join();
    System.out.println("monitor " + held + " " + waited);
  }

  /** Until the thread has waited for so long; for how long it has at the least. */
  private static long hold(Thread thread, CountDownLatch ready, long millis)
      throws InterruptedException {
    ready.await();
    while (thread.getState() != Thread.State.BLOCKED && thread.getState() != Thread.State.WAITING) {
      Thread.sleep(1);
    }
    long begun = System.nanoTime();
    Thread.sleep(millis);
    return System.nanoTime() - begun;
  }

  private static void enter(CountDownLatch ready) {
    ready.countDown();
    long begun = System.nanoTime();
    synchronized (GATE) {
      waited = System.nanoTime() - begun;
    }
  }

  private static void lock(String kind, long millis, Consumer<CountDownLatch> wait)
      throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(1);
    Thread thread = new Thread(() -> wait.accept(ready));
    long held;
    LOCK.lock();
    try {
      thread.start();
      held = hold(thread, ready, millis);
    } finally {
      LOCK.unlock();
    }
    thread.join();
    System.out.println(kind + " " + held + " " + waited);
  }

  /** A thread outside of a span waits for work. */
  private static void idle(long millis) throws InterruptedException {
    Thread thread = new Thread(() -> idleOutside(millis));
    thread.start();
    thread.join();
  }

  private static void idleOutside(long millis) {
    try {
      new LinkedBlockingQueue<>().poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void parkOutside(CountDownLatch ready) {
    park(ready);
  }

  private static void park(CountDownLatch ready) {
    ready.countDown();
    long begun = System.nanoTime();
    LOCK.lock();
    waited = System.nanoTime() - begun;
    LOCK.unlock();
  }

  private static void inSpan(Runnable work) {
    ServerSpan span = ServerSpan.start("", (carrier, name) -> null, "GET");
    work.run();
    span.exit();
    span.end();
  }
}
