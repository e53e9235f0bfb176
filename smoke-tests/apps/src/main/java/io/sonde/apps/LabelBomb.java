package io.sonde.apps;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that is sent requests of which no two have a method, path, header or query in common.
 *
 * <p>Takes how many. Prints what the heap holds before and after, in KiB.
 */
public final class LabelBomb {
  /** As many letters as make enough ways to write them in capitals and not. */
  private static final String TABLE = "inventorypositions";

  private static final int CLIENTS = 4;

  private final AtomicInteger next = new AtomicInteger();
  private final ThreadLocal<Statement> statements = ThreadLocal.withInitial(LabelBomb::statement);
  private final HttpServer server;
  private final int requests;

  private LabelBomb(int requests) throws IOException {
    this.requests = requests;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newFixedThreadPool(CLIENTS));
    server.createContext("/", this::answer);
    server.start();
  }

  /** Sends them all, prints READY and the port of the server, and runs until it is stopped. */
  public static void main(String[] args) throws Exception {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    statement().execute("create table " + TABLE + "(id int primary key)");
    LabelBomb bomb = new LabelBomb(Integer.parseInt(args[0]));
    long before = used();
    Thread[] clients = new Thread[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      clients[i] = new Thread(bomb::send);
      clients[i].start();
    }
    for (Thread client : clients) {
      client.join();
    }
    System.out.println("HEAP " + before + " " + used());
    System.out.println("READY " + bomb.server.getAddress().getPort());
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      System.gc();
      Thread.sleep(100);
    }
    Runtime runtime = Runtime.getRuntime();
    return (runtime.totalMemory() - runtime.freeMemory()) / 1024;
  }

  private void send() {
    byte[] answer = new byte[1024];
    try (Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
        OutputStream out = socket.getOutputStream();
        InputStream in = socket.getInputStream()) {
      socket.setTcpNoDelay(true);
      for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
        out.write(request(i).getBytes(StandardCharsets.ISO_8859_1));
        int length = 0;
        while (length < 4 || answer[length - 1] != '\n' || answer[length - 3] != '\n') {
          int read = in.read(answer, length, answer.length - length);
          if (read < 0) {
            throw new IOException("closed after " + i);
          }
          length += read;
        }
      }
    } catch (IOException e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static String request(int i) {
    String one = Integer.toString(i, 36);
    String method = "M" + one.toUpperCase(Locale.ROOT);
    return method
        + " /"
        + one
        + "?q="
        + one
        + " HTTP/1.1\r\nHost: "
        + one
        + ".example\r\nUser-Agent: "
        + one
        + "\r\nForwarded: for="
        + one
        + ";proto="
        + one
        + ";host="
        + one
        + "\r\ntracestate: "
        + one
        + "="
        + one
        + "\r\nbaggage: "
        + one
        + "="
        + one
        + "\r\n\r\n";
  }

  private void answer(HttpExchange exchange) throws IOException {
    int number = Integer.parseInt(exchange.getRequestURI().getPath().substring(1), 36);
    StringBuilder sql = new StringBuilder("select id from ");
    for (int i = 0; i < TABLE.length(); i++) {
      char letter = TABLE.charAt(i);
      sql.append((number >> i & 1) == 0 ? letter : Character.toUpperCase(letter));
    }
    try (ResultSet rows = statements.get().executeQuery(sql.toString())) {
      exchange.sendResponseHeaders(rows.next() ? 200 : 204, -1);
    } catch (SQLException e) {
      throw new IOException(e);
    }
    exchange.close();
  }

  private static Statement statement() {
    try {
      Connection connection =
          DriverManager.getConnection("jdbc:h2:mem:bomb;DB_CLOSE_DELAY=-1", "sa", "");
      return connection.createStatement();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
