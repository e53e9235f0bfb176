package io.sonde.apps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Executors;

/** Two HTTP servers in one JVM: the first calls the second, which asks a database. */
public final class Chain {
  private static final String DATABASE = "jdbc:h2:mem:stock;DB_CLOSE_DELAY=-1";

  private final Connection connection;
  private final HttpServer front;
  private final HttpServer back;

  private Chain() throws IOException, SQLException {
    connection = DriverManager.getConnection(DATABASE, "sa", "");
    connection.createStatement().execute("create table stock(id int primary key, amount int)");
    connection.createStatement().execute("insert into stock values (7, 3)");
    front = server();
    back = server();
    front.createContext("/orders", this::order);
    back.createContext("/stock", this::stock);
    front.start();
    back.start();
  }

  /** Prints READY and the port of the first server, and runs until it is stopped. */
  public static void main(String[] args) throws Exception {
    // Else each body waits 40 ms for the acknowledgement of its head.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    Chain chain = new Chain();
    System.out.println("READY " + chain.front.getAddress().getPort());
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(4));
    return server;
  }

  private void order(HttpExchange exchange) throws IOException {
    int port = back.getAddress().getPort();
    URL url = new URL("http://localhost:" + port + "/stock/7");
    HttpURLConnection call = (HttpURLConnection) url.openConnection();
    try (InputStream in = call.getInputStream()) {
      byte[] answer = new byte[64];
      int length = in.read(answer);
      reply(exchange, "stock " + new String(answer, 0, length, StandardCharsets.UTF_8));
    }
  }

  private void stock(HttpExchange exchange) throws IOException {
    try (PreparedStatement statement =
        connection.prepareStatement("select amount from stock where id = ?")) {
      statement.setInt(1, 7);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        reply(exchange, Integer.toString(rows.getInt(1)));
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private static void reply(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }
}
