package io.sonde.apps;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * The JDK's own HTTP server and HttpURLConnection in everything they do differently; each request
 * has the name of its case in its query. Prints what the application saw of each, then DONE.
 */
public final class JdkHttp {
  private final CountDownLatch nobodyWaits = new CountDownLatch(1);
  private final CountDownLatch slowHasEnded = new CountDownLatch(1);
  private final HttpServer server;
  private final String base;

  private JdkHttp() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.create(any, 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    context("/hello", exchange -> reply(exchange, 200, "hello"));
    context("/status", exchange -> reply(exchange, code(exchange), "status"));
    context("/empty", exchange -> exchange.sendResponseHeaders(204, -1));
    context("/parent", exchange -> reply(exchange, 200, parent(exchange)));
    context("/echo", exchange -> reply(exchange, 200, read(exchange.getRequestBody()).length()));
    context("/throws", JdkHttp::fail);
    context("/late", this::answerLater);
    context("/slow", this::slow);
    context("/big", JdkHttp::big);
    context("/redirect", JdkHttp::redirect);
    context("/closes", JdkHttp::closesAndThrows);
    server
        .createContext("/filtered", exchange -> reply(exchange, 200, "filtered"))
        .getFilters()
        .add(new Passing());
    server.start();
    base = "http://localhost:" + server.getAddress().getPort();
  }

  /** Runs the cases. */
  public static void main(String[] args) throws Exception {
    JdkHttp app = new JdkHttp();
    System.out.println("READY " + app.server.getAddress().getPort());
    app.server();
    app.client();
    app.slowHasEnded.await();
    Thread.sleep(100); // the exchange, too
    System.out.println("DONE");
    Thread.sleep(60_000);
  }

  private void server() throws Exception {
    raw(
        "raw",
        "GET /hello?case=raw&sig=secret HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: raw/1\r\n");
    raw("http10", "GET /hello?case=http10 HTTP/1.0\r\n");
    raw(
        "forwarded",
        "GET /hello?case=forwarded HTTP/1.1\r\nHost: inner:1\r\nX-Forwarded-For: 203.0.113.9\r\n"
            + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: shop.example:8443\r\n");
    raw(
        "remote",
        "GET /hello?case=remote HTTP/1.1\r\nHost: a\r\n"
            + "TRACEPARENT: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
    raw("unknown", "FETCH /hello?case=unknown HTTP/1.1\r\nHost: a\r\n");
    raw(
        "nowhere",
        "GET /nowhere/7?case=nowhere HTTP/1.1\r\nHost: shop.example\r\n"
            + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n");
    raw("garbage", "garbage\r\n");
    raw("head", "HEAD /hello?case=head HTTP/1.1\r\nHost: a\r\n");
    for (String name : new String[] {"late", "throws", "filtered", "closes"}) {
      raw(name, "GET /" + name + "/7?case=" + name + " HTTP/1.1\r\nHost: a\r\n");
    }
    try (Socket socket = new Socket("localhost", server.getAddress().getPort())) {
      send(socket, "GET /big?case=gone HTTP/1.1\r\nHost: a\r\n");
      socket.setSoLinger(true, 0);
      socket.getInputStream().read();
    }
  }

  private void raw(String name, String head) throws IOException {
    try (Socket socket = new Socket("localhost", server.getAddress().getPort())) {
      socket.setSoTimeout(5000);
      send(socket, head + "Connection: close\r\n");
      String answer = read(socket.getInputStream());
      System.out.println(name + ": " + answer.replace("\r\n", "|"));
    }
  }

  private static void send(Socket socket, String head) throws IOException {
    socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private void client() throws Exception {
    get("get", base + "/parent", call -> {});
    get("twice", base + "/hello", JdkHttp::askTwice);
    get("status404", base + "/status?code=404", call -> {});
    get("status500", base + "/status?code=500", call -> {});
    get("connectFirst", base + "/parent", HttpURLConnection::connect);
    get("headers", base + "/hello", call -> call.getHeaderField("Content-Type"));
    get("redirected", base + "/redirect", call -> {});
    get("secret", base.replace("//", "//user:word@") + "/hello", call -> {});
    get("fixed", base + "/echo", call -> body(call, 5));
    get("chunked", base + "/echo", call -> body(call, 0));
    get("buffered", base + "/echo", call -> body(call, -1));
    get("put", base + "/echo", call -> call.setRequestMethod("PUT"));
    get("misused", base + "/hello", JdkHttp::outputWithoutDoOutput);
    get("timeout", base + "/slow", call -> call.setReadTimeout(100));
    nobodyWaits.countDown();
    get("refused", "http://localhost:" + Nobody.port() + "/hello", call -> {});
    get("badHost", "http://no-such-host.invalid/hello", call -> {});
    get("resent", "http://localhost:" + closing() + "/hello", call -> {});
  }

  private interface Setup {
    void on(HttpURLConnection call) throws IOException;
  }

  private static void get(String name, String url, Setup setup) {
    String seen;
    try {
      URL target = new URL(url + (url.indexOf('?') < 0 ? '?' : '&') + "case=" + name);
      HttpURLConnection call = (HttpURLConnection) target.openConnection();
      setup.on(call);
      try (InputStream in = call.getInputStream()) {
        seen = call.getResponseCode() + " " + read(in);
      } catch (IOException e) {
        int code = call.getResponseCode();
        InputStream error = call.getErrorStream();
        seen = code + " " + e.getClass().getName() + " " + (error == null ? "" : read(error));
      }
    } catch (IOException e) {
      seen = e.getClass().getName();
    }
    System.out.println(name + ": " + seen);
  }

  private static void askTwice(HttpURLConnection call) throws IOException {
    call.getResponseCode();
    call.getResponseMessage();
    call.getHeaderFields();
    call.getContentLength();
  }

  private static void body(HttpURLConnection call, int mode) throws IOException {
    call.setDoOutput(true);
    if (mode > 0) {
      call.setFixedLengthStreamingMode(mode);
    } else if (mode == 0) {
      call.setChunkedStreamingMode(0);
    }
    try (OutputStream out = call.getOutputStream()) {
      out.write("12345".getBytes(StandardCharsets.US_ASCII));
    }
  }

  private static void outputWithoutDoOutput(HttpURLConnection call) throws IOException {
    try {
      call.getOutputStream();
    } catch (java.net.ProtocolException e) {
      System.out.println("misuse seen");
    }
  }

  /** A server that hangs up without a word. */
  private static int closing() throws IOException {
    ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  Socket accepted = socket.accept();
                  accepted.getInputStream().read();
                  accepted.close();
                }
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return socket.getLocalPort();
  }

  private void context(String path, HttpHandler handler) {
    server.createContext(path, handler);
  }

  private static int code(HttpExchange exchange) {
    String query = exchange.getRequestURI().getQuery();
    return Integer.parseInt(query.substring(5, 8));
  }

  private static String parent(HttpExchange exchange) {
    return String.valueOf(exchange.getRequestHeaders().get("traceparent").size());
  }

  private static void fail(HttpExchange exchange) {
    throw new IllegalStateException("of the application: " + exchange.getRequestMethod());
  }

  private void answerLater(HttpExchange exchange) {
    Thread thread =
        new Thread(
            () -> {
              try {
                Thread.sleep(200);
                get("inner", base + "/hello", call -> {});
                reply(exchange, 200, "late");
              } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
  }

  /** Answers when its client has gone. */
  private void slow(HttpExchange exchange) throws IOException {
    try {
      nobodyWaits.await();
      reply(exchange, 200, "slow");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      slowHasEnded.countDown();
    }
  }

  private static void big(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] block = new byte[1 << 16];
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < 2000; i++) {
        out.write(block);
      }
    }
  }

  private static void redirect(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Location", "/hello?to");
    exchange.sendResponseHeaders(302, -1);
  }

  private static void closesAndThrows(HttpExchange exchange) throws IOException {
    reply(exchange, 200, "closes");
    throw new IllegalStateException("of the application");
  }

  private static void reply(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.UTF_8);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      if (!head) {
        out.write(bytes);
      }
    }
  }

  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
    }
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  /** A filter of the application's. */
  private static final class Passing extends Filter {
    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
      chain.doFilter(exchange);
    }

    @Override
    public String description() {
      return "passing";
    }
  }
}
