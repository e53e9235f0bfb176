package io.sonde.apps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/**
 * Work that a request hands over in every way that the JDK has.
 *
 * <p>Each case runs in a request of its own. What belongs to the request calls {@link #in}, what
 * does not {@link #out}: both make an HTTP call under that name and print it. Prints DONE at the
 * end.
 */
public final class Contexts {

  private final Map<String, Case> cases = new LinkedHashMap<>();
  private final HttpServer server;

  /** A piece of work. */
  interface Case {
    /** Does it. */
    void run() throws Exception;
  }

  private Contexts() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    server.setExecutor(threads);
    server.createContext("/case", this::handle);
    server.start();
  }

  /** Runs the cases. */
  public static void main(String[] args) throws Exception {
    Contexts contexts = new Contexts();
    Pools.addTo(contexts);
    Futures.addTo(contexts);
    Threads.addTo(contexts);
    if (args.length > 0) {
      awaitAgent();
    }
    for (String name : contexts.cases.keySet()) {
      contexts.request(name);
    }
    Pools.after();
    Futures.after();
    Threads.after();
    System.out.println("DONE");
    Thread.sleep(60_000);
  }

  /** With the classes loaded that the agent weaves, so that none of them can get a field. */
  private static void awaitAgent() throws Exception {
    ForkJoinPool.commonPool().submit(() -> {}).get();
    CompletableFuture.runAsync(() -> {}).thenRun(() -> {}).get();
    Executors.newScheduledThreadPool(1).schedule(() -> {}, 1, TimeUnit.MILLISECONDS).get();
    new Timer(true)
        .schedule(
            new TimerTask() {
              @Override
              public void run() {}
            },
            1);
    call("");
    System.out.println("READY 0");
    Class<?> tracing = null;
    while (tracing == null) {
      Thread.sleep(20);
      try {
        tracing = Class.forName("io.sonde.core.Tracing", false, null);
      } catch (ClassNotFoundException e) {
        // Not yet.
      }
    }
    Thread.sleep(2000); // until it has woven
  }

  void add(String name, Case run) {
    cases.put(name, run);
  }

  /** Something that belongs to the request of the case, whose name stands before the dot. */
  static void in(String label) {
    call(label);
    System.out.println("in " + label);
  }

  /** Something that belongs to no request. */
  static void out(String label) {
    call(label);
    System.out.println("out " + label);
  }

  /** Something that happens once in each of two requests. */
  static void each(String label, String one, String two) {
    call(label);
    System.out.println("each " + label + " " + one + " " + two);
  }

  /** Something that must hold. */
  static void check(boolean holds, String what) {
    System.out.println((holds ? "holds " : "FAILS ") + what);
  }

  static void await(CountDownLatch latch) throws InterruptedException {
    check(latch.await(10, TimeUnit.SECONDS), "in time");
  }

  /** Calls where nobody listens: a span and no more. */
  private static void call(String label) {
    try {
      URL url = new URL("http://localhost:" + Nobody.port() + "/" + label);
      ((HttpURLConnection) url.openConnection()).getResponseCode();
    } catch (ConnectException expected) {
      // As it should be.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring("/case/".length());
    try {
      cases.get(name).run();
    } catch (Exception | AssertionError e) {
      System.out.println("FAILS " + name + " " + e);
    }
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private void request(String name) throws IOException {
    try (Socket socket = new Socket("localhost", server.getAddress().getPort())) {
      String head = "GET /case/" + name + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        // Until it is answered.
      }
    }
  }
}
