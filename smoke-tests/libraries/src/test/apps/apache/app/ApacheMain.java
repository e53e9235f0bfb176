package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.util.concurrent.Executors;

/** Each client of the library in all cases; a request has the name of its case. */
public final class ApacheMain {
  private final String name;
  private final Client client;
  private final String peer;
  private final String closed;

  private ApacheMain(String name, Client client, String peer, String closed) {
    this.name = name;
    this.client = client;
    this.peer = peer;
    this.closed = closed;
  }

  public static void main(String[] args) throws Exception {
    for (int i = 2; i < args.length; i++) {
      Client client = (Client) Class.forName("app." + args[i]).getDeclaredConstructor().newInstance();
      new ApacheMain(args[i], client, args[0], args[1]).run();
    }
    System.out.println("DONE");
    Thread.sleep(60_000);
  }

  private URI uri(String path, String what) {
    return URI.create(peer + path + "?case=" + name + "." + what);
  }

  private void print(String what, Object result) {
    System.out.println(name + "." + what + ": " + result);
  }

  private void failing(String what, URI uri) {
    try {
      print(what, client.send("GET", uri));
    } catch (Exception e) {
      print(what, e.getClass().getName());
    }
  }

  private void run() throws Exception {
    print("ok", client.send("GET", uri("/200", "ok")));
    print("post", client.send("POST", uri("/200", "post")));
    print("missing", client.send("GET", uri("/404", "missing")));
    print("broken", client.send("GET", uri("/500", "broken")));
    print("moved", client.send("GET", uri("/302", "moved")));
    print("relative", client.relative(uri("/200", "relative")));
    print("minimal", client.minimal(uri("/200", "minimal")));
    print("secret", client.send("GET", URI.create(uri("/200", "secret") + "&sig=123")));
    failing("refused", URI.create(closed + "/?case=" + name + ".refused"));
    failing("gone", uri("/307", "gone"));
    print("cancelled", client.cancel(uri("/slow", "cancelled")));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/work", this::work);
    server.start();
    get("http://localhost:" + server.getAddress().getPort() + "/work?case=" + name + ".server");
    server.stop(0);
  }

  private void work(HttpExchange exchange) throws IOException {
    try {
      client.send("GET", uri("/200", "inside"));
      print("callback", client.callback(uri("/200", "first"), () -> get(uri("/200", "second").toString())));
      get(uri("/200", "after").toString());
    } catch (Exception e) {
      throw new IOException(e);
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static void get(String url) {
    try {
      HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
      connection.getResponseCode();
      connection.disconnect();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
