package io.sonde.apps;

import com.sun.management.ThreadMXBean;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints how many bytes a server's one thread allocates from one request to the next, by the JVM's
 * own count.
 */
public final class Counted {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 4;
  private static final int REQUESTS = 100;

  private final long[] counts = new long[REQUESTS + 1];
  private final AtomicInteger handled = new AtomicInteger();

  private Counted() {}

  private void handle(HttpExchange exchange) throws IOException {
    counts[handled.getAndIncrement()] =
        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    // Of an exchange whose body nobody asked for, JDK 8 closes the connection.
    exchange.getRequestBody().close();
    exchange.sendResponseHeaders(200, -1);
    exchange.getResponseBody().close();
  }

  public static void main(String[] args) throws IOException {
    Counted counted = new Counted();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext("/counted", counted::handle);
    server.start();
    byte[] request =
        ("GET /counted HTTP/1.1\r\nHost: localhost\r\nUser-Agent: counted\r\nAccept: */*\r\n"
                + "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    long least = Long.MAX_VALUE;
    try (Socket socket = new Socket(loopback, server.getAddress().getPort())) {
      socket.setTcpNoDelay(true);
      for (int round = 0; round < ROUNDS; round++) {
        counted.handled.set(0);
        for (int i = 0; i <= REQUESTS; i++) {
          ask(socket, request);
        }
        least = Math.min(least, (counted.counts[REQUESTS] - counted.counts[0]) / REQUESTS);
      }
    }
    System.out.println("BYTES " + least);
    server.stop(0);
  }

  private static void ask(Socket socket, byte[] request) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(request);
    InputStream in = socket.getInputStream();
    int end = 0;
    while (end != 0x0D0A0D0A) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("no answer");
      }
      end = end << 8 | next;
    }
  }
}
