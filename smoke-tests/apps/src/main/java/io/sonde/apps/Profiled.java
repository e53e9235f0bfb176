package io.sonde.apps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that computes, allocates, waits for a monitor, parks and throws in each request, under
 * load that it makes itself; each of these has a method of its own. Prints how many requests it
 * answered.
 */
public final class Profiled {
  static volatile Object kept;
  static volatile double result;

  private Profiled() {}

  /** Runs until it is killed; an argument is the number of seconds after which it ends. */
  public static void main(String[] args) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(any, 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/work", Profiled::work);
    server.start();
    int port = server.getAddress().getPort();
    for (int i = 0; i < 3; i++) {
      Thread load = new Thread(() -> load("http://localhost:" + port + "/work"), "load");
      load.setDaemon(true);
      load.start();
    }
    System.out.println("READY " + port);
    if (args.length > 0) {
      Thread.sleep(Long.parseLong(args[0]) * 1000);
      System.out.println("DONE");
      System.exit(0);
    }
  }

  private static void load(String url) {
    try {
      for (; ; ) {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setRequestProperty("baggage", "k6.scenario=check%20out,user=42");
        try (InputStream in = connection.getInputStream()) {
          while (in.read() >= 0) {
            // to the end
          }
        }
      }
    } catch (IOException e) {
      System.out.println("FAILED " + e);
    }
  }

  private static void work(HttpExchange exchange) throws IOException {
    burn();
    allocateSmall();
    allocateLarge();
    waitForMonitor();
    park();
    refuse();
    exchange.sendResponseHeaders(200, 2);
    exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
    exchange.close();
  }

  static void burn() {
    double sum = 0;
    for (int i = 0; i < 400_000; i++) {
      sum += Math.sqrt(i) * (i % 7);
    }
    result = sum;
  }

  static void allocateSmall() {
    for (int i = 0; i < 20_000; i++) {
      kept = new byte[100];
    }
  }

  static void allocateLarge() {
    kept = new byte[4 << 20];
  }

  static void refuse() {
    try {
      throw new IllegalStateException("refused");
    } catch (IllegalStateException e) {
      kept = e;
    }
  }

  static synchronized void waitForMonitor() {
    // Whoever comes meanwhile waits for longer than what is recorded from.
    long until = System.nanoTime() + 30_000_000;
    while (System.nanoTime() - until < 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }

  static void park() {
    long until = System.nanoTime() + 15_000_000;
    while (System.nanoTime() - until < 0) {
      LockSupport.parkNanos(until - System.nanoTime());
    }
  }
}
