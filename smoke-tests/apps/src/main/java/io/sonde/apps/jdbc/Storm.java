package io.sonde.apps.jdbc;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Eight threads load drivers, each time in a class loader of its own, and use them, all at once.
 *
 * <p>An argument is {@code driver class|url|classes|jar}; the classes are loaded in every loader
 * before anything connects. A dump of all threads and exit code 3 where it does not come to its
 * end.
 */
public final class Storm {
  private static final int THREADS = 8;
  private static final int ROUNDS = 2;
  private static final AtomicInteger NEXT = new AtomicInteger();
  private static final CountDownLatch DONE = new CountDownLatch(THREADS);
  private static final List<Throwable> FAILURES = new ArrayList<>();

  private Storm() {}

  /** Runs. */
  public static void main(String[] args) throws Exception {
    CyclicBarrier together = new CyclicBarrier(THREADS);
    for (int i = 0; i < THREADS; i++) {
      int shift = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  for (int round = 0; round < ROUNDS; round++) {
                    together.await();
                    round(args, shift, together);
                  }
                } catch (Throwable e) {
                  synchronized (FAILURES) {
                    FAILURES.add(e);
                  }
                }
                DONE.countDown();
              },
              "storm-" + i);
      thread.setDaemon(true);
      thread.start();
    }
    if (!DONE.await(90, TimeUnit.SECONDS)) {
      dump();
      System.exit(3);
    }
    for (Throwable failure : FAILURES) {
      failure.printStackTrace(System.out);
    }
    System.out.println("FAILURES " + FAILURES.size());
    System.out.println("READY 0");
    Thread.sleep(120_000);
  }

  /** Loads each driver in a loader of its own, then uses each; the threads begin with another. */
  private static void round(String[] args, int shift, CyclicBarrier together) throws Exception {
    List<Driver> drivers = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      String[] parts = args[(i + shift) % args.length].split("\\|");
      ClassLoader loader =
          new URLClassLoader(
              new URL[] {new File(parts[3]).toURI().toURL()},
              ClassLoader.getSystemClassLoader().getParent());
      for (String name : parts[2].split(",")) {
        Class.forName(name, false, loader);
      }
      Object driver = Class.forName(parts[0], true, loader).getDeclaredConstructor().newInstance();
      drivers.add((Driver) driver);
    }
    together.await();
    for (int i = 0; i < args.length; i++) {
      use(drivers.get(i), args[(i + shift) % args.length].split("\\|")[1]);
    }
  }

  private static void use(Driver driver, String url) throws Exception {
    Properties properties = new Properties();
    properties.setProperty("user", "SA");
    properties.setProperty("password", "");
    try (Connection connection = driver.connect(url + NEXT.incrementAndGet(), properties)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE storm (id INT)");
      }
      try (PreparedStatement statement =
          connection.prepareStatement("INSERT INTO storm VALUES (?)")) {
        statement.setInt(1, 1);
        statement.executeUpdate();
      }
      try (Statement statement = connection.createStatement()) {
        statement.executeQuery("SELECT id FROM storm").close();
      }
    }
  }

  private static void dump() {
    for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
      System.out.println(one.getKey() + " " + one.getKey().getState());
      for (StackTraceElement frame : one.getValue()) {
        System.out.println("    at " + frame);
      }
    }
  }
}
