package io.sonde.apps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * A server whose requests take a known number of units, each so much CPU time by the thread's own
 * counter and so many bytes: on the request's thread, in a query, in a pool, in futures, and on a
 * virtual thread, which has no counter.
 */
public final class Burns {
  /** CPU time of a unit. */
  public static final long NANOS = 10_000_000;

  /** Of a unit. */
  public static final int BYTES = 1 << 20;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final ExecutorService POOL = Executors.newFixedThreadPool(1);
  private static final int HEADER = 16;

  static volatile Object kept;
  static volatile int result;

  private static Connection connection;

  private Burns() {}

  /** Prints READY and the port; runs until it is killed. */
  public static void main(String[] args) throws Exception {
    connection = DriverManager.getConnection("jdbc:h2:mem:burns");
    connection.createStatement().execute("CREATE ALIAS BURN FOR \"io.sonde.apps.Burns.burn\"");
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(any, 0);
    server.setExecutor(Executors.newFixedThreadPool(1));
    server.createContext("/", Burns::answer);
    server.start();
    System.out.println("READY " + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange) throws IOException {
    int status = 204;
    try {
      work(exchange.getRequestURI().getPath());
    } catch (Exception e) {
      System.out.println("FAILED " + e);
      status = 500;
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static void work(String path) throws Exception {
    switch (path) {
      case "/own":
        burn(1);
        break;
      case "/query":
        burn(1);
        query(2);
        break;
      case "/pool":
        Future<?> task = POOL.submit(() -> burn(2));
        burn(1);
        task.get();
        settle();
        break;
      case "/futures":
        CompletableFuture<Void> tasks =
            CompletableFuture.runAsync(() -> burn(1), POOL).thenRunAsync(() -> burn(1), POOL);
        burn(1);
        tasks.join();
        settle();
        break;
      case "/virtual":
        virtual(2);
        break;
      default:
        throw new IllegalArgumentException(path);
    }
  }

  private static void query(int units) throws Exception {
    try (PreparedStatement statement = connection.prepareStatement("CALL BURN(?)")) {
      statement.setInt(1, units);
      statement.execute();
    }
  }

  /** A task's result is there before its thread has left it; this one begins after that. */
  private static void settle() throws Exception {
    POOL.submit(() -> {}).get();
  }

  /** By the clock, as there is nothing else to go by. */
  private static void virtual(int units) throws Exception {
    ExecutorService threads =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    threads.submit(() -> spin(units * NANOS, System::nanoTime)).get();
    threads.shutdown();
  }

  /** So many units on the current thread, which are returned; the database calls it, too. */
  public static int burn(int units) {
    for (int i = 0; i < units; i++) {
      spin(NANOS, THREADS::getCurrentThreadCpuTime);
      kept = new byte[BYTES - HEADER];
    }
    return units;
  }

  private static void spin(long nanos, LongSupplier clock) {
    long end = clock.getAsLong() + nanos;
    while (clock.getAsLong() - end < 0) {
      for (int i = 0; i < 5000; i++) {
        result = result * 31 + i;
      }
    }
  }
}
