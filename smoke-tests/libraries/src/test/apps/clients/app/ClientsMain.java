package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;

/**
 * Every client in every case, each client inside a request of its own; the arguments are where the
 * cases go, as {@code case=URL}. A call has the name of its client and case in the query.
 */
public final class ClientsMain {
  private static final int LONG = 20_000;
  private static final int SHORT = 300;

  private static final Caller[] CLIENTS = {
    new UrlConnection(LONG),
    new JdkClient(LONG),
    new OkHttp(LONG),
    new Apache4(LONG),
    new Apache4Async(LONG),
    new Apache5(LONG),
    new Apache5Async(LONG)
  };

  private ClientsMain() {}

  public static void main(String[] args) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    for (Caller client : CLIENTS) {
      String name = client.getClass().getSimpleName();
      server.createContext("/" + name, exchange -> run(exchange, client, name, args));
    }
    server.start();
    for (Caller client : CLIENTS) {
      String name = client.getClass().getSimpleName();
      URL url = new URL("http://localhost:" + server.getAddress().getPort() + "/" + name);
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      if (connection.getResponseCode() != 200) {
        System.out.println(name + " failed");
      }
    }
    System.out.println("DONE");
    Thread.sleep(60_000);
  }

  private static Caller impatient(Caller client) throws ReflectiveOperationException {
    return client.getClass().getDeclaredConstructor(int.class).newInstance(SHORT);
  }

  /** What was thrown and what caused it. */
  private static String names(Throwable thrown) {
    return thrown.getClass().getName()
        + (thrown.getCause() == null ? "" : " " + names(thrown.getCause()));
  }

  private static void run(HttpExchange exchange, Caller client, String name, String[] cases)
      throws IOException {
    for (String one : cases) {
      String what = one.substring(0, one.indexOf('='));
      URI uri = URI.create(one.substring(what.length() + 1) + "?case=" + name + "." + what);
      try {
        System.out.println(name + "." + what + ": " + (what.equals("slow") ? impatient(client) : client).get(uri));
      } catch (Exception e) {
        System.out.println(name + "." + what + ": " + names(e));
      }
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}
