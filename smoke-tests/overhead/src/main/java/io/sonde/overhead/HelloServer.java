package io.sonde.overhead;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The smallest server there is in a JDK: what an agent adds to it is the agent. */
public final class HelloServer {
  private HelloServer() {}

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    byte[] hello = {'h', 'e', 'l', 'l', 'o', '\n'};
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, hello.length);
            exchange.getResponseBody().write(hello);
          }
        });
    server.start();
  }
}
