package io.sonde.apps;

/**
 * Computes on one thread, nineteen parts in {@code hot} and one in {@code cold}, and allocates on
 * another one, three parts in {@code many} and one in {@code few}, until it is killed.
 */
public final class Planted {
  static volatile double result;
  static volatile Object kept;

  private Planted() {}

  /** Runs. */
  public static void main(String[] args) throws InterruptedException {
    Thread allocator = new Thread(Planted::allocate, "allocator");
    allocator.setDaemon(true);
    allocator.start();
    System.out.println("READY 0");
    for (int step = 0; ; step++) {
      // Slices of changing length, so that nothing keeps time with what samples.
      int length = 10_000 + step * 7919 % 10_000;
      hot(19 * length);
      cold(length);
    }
  }

  private static void allocate() {
    try {
      for (; ; ) {
        many();
        few();
        Thread.sleep(2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
