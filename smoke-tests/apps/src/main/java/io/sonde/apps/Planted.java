package io.sonde.apps;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Computes on one thread, nineteen parts in {@code hot} and one in {@code cold}, allocates on
 * another one, three parts in {@code many} and one in {@code few}, and waits on two more, half of
 * the time in {@code enter} and {@code lock}, until it is killed.
 */
public final class Planted {
  private static final Object MONITOR = new Object();
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final int HELD_MILLIS = 40;

  static volatile double result;
  static volatile Object kept;

  private Planted() {}

  /** Runs. */
  public static void main(String[] args) throws InterruptedException {
    start("allocator", Planted::allocate);
    start("holder", Planted::hold);
    start("enterer", () -> again(Planted::enter));
    start("locker", () -> again(Planted::lock));
    System.out.println("READY 0");
    for (int step = 0; ; step++) {
      // Slices of changing length, so that nothing keeps time with what samples.
      int length = 10_000 + step * 7919 % 10_000;
      hot(19 * length);
      cold(length);
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void allocate() {
    again(
        () -> {
          many();
          few();
        });
  }

  private static void again(Runnable work) {
    try {
      for (; ; ) {
        work.run();
        Thread.sleep(2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void hold() {
    try {
      for (; ; ) {
        synchronized (MONITOR) {
          LOCK.lock();
          try {
            Thread.sleep(HELD_MILLIS);
          } finally {
            LOCK.unlock();
          }
        }
        Thread.sleep(HELD_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void enter() {
    synchronized (MONITOR) {
      kept = MONITOR;
    }
  }

  static void lock() {
    LOCK.lock();
    try {
      kept = LOCK;
    } finally {
      LOCK.unlock();
    }
  }

  static void hot(int length) {
    compute(length);
  }

  static void cold(int length) {
    compute(length);
  }

  private static void compute(int length) {
    double sum = result;
    for (int i = 0; i < length; i++) {
      sum += Math.sqrt(i) * (i % 7);
    }
    result = sum;
  }

  static void many() {
    for (int i = 0; i < 300; i++) {
      kept = new byte[1000];
    }
  }

  static void few() {
    for (int i = 0; i < 100; i++) {
      kept = new byte[1000];
    }
  }
}
