package io.sonde.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;

/** OTLP over HTTP/protobuf on the JDK's own server, and pages that tell what has arrived. */
final class HttpReceiver implements OtlpSink.Receiver {
  static {
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final SpanStore store;
  private final Map<String, Supplier<String>> pages;

  /** {@code pages} are what GET answers, by path. */
  HttpReceiver(int port, SpanStore store, Map<String, Supplier<String>> pages) throws IOException {
    this.store = store;
    this.pages = pages;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    this.threads =
        Executors.newFixedThreadPool(
            4,
            task -> {
              Thread thread = new Thread(task, "otlp-sink");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  @Override
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (exchange.getRequestMethod().equals("GET")) {
        Supplier<String> page = pages.get(path);
        answer(exchange, page == null ? 404 : 200, page == null ? "POST /v1/traces\n" : page.get());
        return;
      }
      receive(exchange, path);
    }
  }

  private void receive(HttpExchange exchange, String path) throws IOException {
    Map<String, String> headers = headers(exchange.getRequestHeaders());
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      boolean gzip = "gzip".equalsIgnoreCase(headers.get("content-encoding"));
      body = (gzip ? new GZIPInputStream(in) : in).readAllBytes();
    }
    if (!"application/x-protobuf".equals(headers.get("content-type"))) {
      answer(exchange, 415, "send application/x-protobuf\n");
      return;
    }
    if (!path.startsWith("/v1")) {
      answer(exchange, 404, "unknown path " + path + "\n");
      return;
    }
    try {
      store.accept(path, headers, body);
    } catch (IOException e) {
      answer(exchange, 400, e.getMessage() + "\n");
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1); // an empty message is an empty body
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> headers(Headers headers) {
    Map<String, String> map = new TreeMap<>();
    headers.forEach(
        (name, values) -> map.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    return map;
  }
}
