package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Counts each request to /work in every library given, and shows at /metrics/[i] what each has. */
public final class ExemplarsMain {
  private ExemplarsMain() {}

  public static void main(String[] types) throws Exception {
    List<Meters> all = new ArrayList<>();
    for (String type : types) {
      all.add((Meters) Class.forName("app." + type).getConstructor().newInstance());
    }
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext(
        "/work",
        exchange -> {
          for (Meters meters : all) {
            meters.record(0.02);
          }
          answer(exchange, "done");
        });
    for (int i = 0; i < types.length; i++) {
      Meters meters = all.get(i);
      server.createContext("/metrics/" + types[i], exchange -> answer(exchange, page(meters)));
    }
    server.start();
    System.out.println("READY " + server.getAddress().getPort());
  }

  private static String page(Meters meters) throws IOException {
    try {
      return meters.scrape();
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
