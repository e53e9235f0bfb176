package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** java.net.http in everything it does differently; each request has the name of its case. */
public final class HttpClientMain {
  /** Has a port where nobody listens, and where nobody else can. */
  private static final Socket TAKEN = new Socket();

  /** All whose requests are answered slowly have gone away. */
  private static final CountDownLatch NOBODY_WAITS = new CountDownLatch(1);

  private static final AtomicInteger SLOW = new AtomicInteger();

  /** The queries of those that the server has got. */
  private static final Set<String> GOT = ConcurrentHashMap.newKeySet();

  private final HttpClient client =
      HttpClient.newBuilder()
          .followRedirects(HttpClient.Redirect.NORMAL)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final HttpServer server;
  private final String base;

  private HttpClientMain() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = HttpServer.create(any, 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/hello", exchange -> reply(exchange, 200));
    server.createContext("/status", exchange -> reply(exchange, 404));
    server.createContext("/slow", HttpClientMain::slow);
    server.createContext("/redirect", HttpClientMain::redirect);
    server.createContext("/work", this::work);
    server.start();
    base = "http://localhost:" + server.getAddress().getPort();
  }

  public static void main(String[] args) throws Exception {
    HttpClientMain app = new HttpClientMain();
    System.out.println("READY " + app.server.getAddress().getPort());
    app.run();
    NOBODY_WAITS.countDown();
    while (SLOW.get() > 0) {
      Thread.sleep(10);
    }
    Thread.sleep(100); // until they have ended
    System.out.println("DONE");
    Thread.sleep(60_000);
  }

  private HttpRequest.Builder request(String path, String name) {
    return HttpRequest.newBuilder(URI.create(base + path + "?case=" + name));
  }

  private void run() throws Exception {
    send("send", request("/hello", "send").build());
    send("status", request("/status", "status").build());
    send("redirect", request("/redirect", "redirect").build());
    send(
        "post",
        request("/hello", "post").POST(HttpRequest.BodyPublishers.ofString("12345")).build());
    send(
        "headers",
        request("/hello", "headers")
            .header("x-two", "1")
            .header("X-Two", "2")
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")
            .build());
    send("own", new Own(request("/hello", "own").build()));
    send("timeout", request("/slow", "timeout").timeout(Duration.ofSeconds(1)).build());
    send(
        "refused",
        HttpRequest.newBuilder(URI.create("http://localhost:" + closedPort() + "/?case=refused"))
            .build());
    async("async", request("/hello", "async").build());
    chain();
    cancelled();
    interrupted();
    webSocket();
    send("work", request("/work", "work").build());
  }

  private void send(String name, HttpRequest request) throws InterruptedException {
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      System.out.println(name + ": " + response.statusCode() + " " + response.body());
    } catch (IOException e) {
      System.out.println(name + ": " + e.getClass().getName());
    }
  }

  private void async(String name, HttpRequest request) throws Exception {
    CompletableFuture<HttpResponse<String>> future =
        client.sendAsync(request, BodyHandlers.ofString());
    System.out.println(name + ": " + future.get(60, TimeUnit.SECONDS).body());
  }

  /** No span around it: each request is a trace of its own. */
  private void chain() throws Exception {
    HttpRequest second = request("/hello", "second").build();
    client
        .sendAsync(request("/hello", "first").build(), BodyHandlers.ofString())
        .thenCompose(first -> client.sendAsync(second, BodyHandlers.ofString()))
        .get(60, TimeUnit.SECONDS);
  }

  private static void awaitAtServer(String name) throws InterruptedException {
    while (!GOT.contains("case=" + name)) {
      Thread.sleep(10);
    }
  }

  private void cancelled() throws Exception {
    CompletableFuture<HttpResponse<String>> future =
        client.sendAsync(request("/slow", "cancelled").build(), BodyHandlers.ofString());
    awaitAtServer("cancelled");
    System.out.println("cancelled: " + future.cancel(true));
  }

  private void interrupted() throws Exception {
    Thread thread =
        new Thread(
            () -> {
              try {
                client.send(request("/slow", "interrupted").build(), BodyHandlers.ofString());
              } catch (IOException | InterruptedException e) {
                System.out.println("interrupted: " + e.getClass().getName());
              }
            });
    thread.start();
    awaitAtServer("interrupted");
    thread.interrupt();
    thread.join();
  }

  private void webSocket() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CompletableFuture<WebSocket> opening =
          client
              .newWebSocketBuilder()
              .buildAsync(
                  URI.create("ws://localhost:" + socket.getLocalPort() + "/?case=webSocket"),
                  new WebSocket.Listener() {});
      try (Socket accepted = socket.accept()) {
        byte[] head = new byte[4096];
        int length = accepted.getInputStream().read(head);
        String text = new String(head, 0, length, StandardCharsets.ISO_8859_1);
        boolean upgrade = text.toLowerCase(java.util.Locale.ROOT).contains("upgrade: websocket");
        System.out.println("webSocket: " + upgrade + " " + text.contains("traceparent: 00-"));
        accepted
            .getOutputStream()
            .write(
                "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      try {
        opening.get(60, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        System.out.println("webSocket: " + e.getCause().getClass().getSimpleName());
      }
    }
  }

  /** In a request: everything that happens belongs to it, on whichever thread. */
  private void work(HttpExchange exchange) throws IOException {
    try {
      client
          .sendAsync(request("/hello", "workFirst").build(), BodyHandlers.ofString())
          .thenCompose(
              first ->
                  client.sendAsync(
                      request("/hello", "workSecond").build(), BodyHandlers.ofString()))
          .thenApply(
              second -> {
                try {
                  send("workThird", request("/hello", "workThird").build());
                } catch (InterruptedException e) {
                  throw new CompletionException(e);
                }
                return second;
              })
          .get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IOException(e);
    }
    reply(exchange, 200);
  }

  private static int closedPort() throws IOException {
    TAKEN.bind(new InetSocketAddress(0));
    return TAKEN.getLocalPort();
  }

  private static void slow(HttpExchange exchange) throws IOException {
    SLOW.incrementAndGet();
    GOT.add(exchange.getRequestURI().getQuery());
    try {
      NOBODY_WAITS.await();
      reply(exchange, 200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      SLOW.decrementAndGet();
    }
  }

  private static void redirect(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Location", "/hello?case=redirected");
    exchange.sendResponseHeaders(302, -1);
  }

  private static void reply(HttpExchange exchange, int status) throws IOException {
    List<String> two = exchange.getRequestHeaders().get("X-Two");
    int parents = exchange.getRequestHeaders().getOrDefault("traceparent", List.of()).size();
    byte[] bytes = ("two " + two + " parents " + parents).getBytes(StandardCharsets.US_ASCII);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** A request of the application's own kind. */
  private static final class Own extends HttpRequest {
    private final HttpRequest from;

    Own(HttpRequest from) {
      this.from = from;
    }

    @Override
    public Optional<BodyPublisher> bodyPublisher() {
      return from.bodyPublisher();
    }

    @Override
    public String method() {
      return from.method();
    }

    @Override
    public Optional<Duration> timeout() {
      return from.timeout();
    }

    @Override
    public boolean expectContinue() {
      return from.expectContinue();
    }

    @Override
    public URI uri() {
      return from.uri();
    }

    @Override
    public Optional<HttpClient.Version> version() {
      return from.version();
    }

    @Override
    public HttpHeaders headers() {
      return from.headers();
    }
  }
}
