package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/length", exchange -> answer(exchange, 200, false));
    server.createContext("/chunked", exchange -> answer(exchange, 201, true));
    server.createContext(
        "/close",
        exchange -> {
          exchange.getResponseHeaders().set("Connection", "close");
          answer(exchange, 500, false);
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void answers_are_read_whole_so_that_the_next_one_is_right() throws IOException {
    try (HttpConnection http = new HttpConnection(server.getAddress().getPort())) {
      for (int i = 0; i < 3; i++) {
        assertEquals(200, http.get("/length"));
        assertEquals("GET ", http.body());
        assertEquals(201, http.post("/chunked", "{}"));
        assertEquals("POST {}", http.body());
      }
    }
  }

  @Test
  void connection_that_the_server_closes_is_made_again() throws IOException {
    try (HttpConnection http = new HttpConnection(server.getAddress().getPort())) {
      assertEquals(500, http.get("/close"));
      assertEquals(200, http.get("/length"));
    }
  }

  private static void answer(HttpExchange exchange, int status, boolean chunked)
      throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      String text = exchange.getRequestMethod() + " " + new String(sent, StandardCharsets.UTF_8);
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, chunked ? 0 : body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
