package io.sonde.profiler;

import io.sonde.settings.Settings;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** A program that starts a profiler and ends it under load, again and again; Java 8. */
public final class Lives {
  private static final Object LOCK = new Object();

  @SuppressWarnings("UnusedVariable") // what is stored is allocated
  private static volatile Object sink;

  private Lives() {}

  /** How often. */
  public static void main(String[] arguments) throws Exception {
    for (int i = 0; i < 3; i++) {
      Thread thread = new Thread(Lives::work);
      thread.setDaemon(true);
      thread.start();
    }
    Plan plan = new Plan(new Settings(System::getProperty, name -> null), false, false);
    AtomicInteger windows = new AtomicInteger();
    AtomicInteger profiles = new AtomicInteger();
    for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
      CountDownLatch started = new CountDownLatch(1);
      Thread profiler =
          Profiler.threadForNow(
              plan,
              (start, end, all) -> {
                windows.incrementAndGet();
                profiles.addAndGet(all.size());
              },
              line -> {
                if (!line.startsWith("profiles by ")) {
                  System.out.println("said: " + line);
                }
                started.countDown();
              });
      profiler.start();
      started.await();
      Thread.sleep(ThreadLocalRandom.current().nextInt(100));
      profiler.interrupt();
      profiler.join();
    }
    System.out.println("windows " + windows + ", profiles " + profiles);
  }

  private static void work() {
    for (int i = 0; ; i++) {
      synchronized (LOCK) {
        sink = new byte[1000 + i % 1000];
      }
      if (i % 1000 == 0) {
        Thread briefly = new Thread(() -> sink = new int[100]);
        briefly.start();
      }
    }
  }
}
