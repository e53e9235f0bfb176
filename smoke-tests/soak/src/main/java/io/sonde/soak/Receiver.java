package io.sonde.soak;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An HTTP server on one port that behaves as the weather is. */
final class Receiver implements AutoCloseable {
  private static final long SLOW_MILLIS = 3000;

  /** Where requests end up. */
  interface Intake {
    /** One has been read and is answered with that status, 0 for none. */
    void request(String path, byte[] body, int status) throws IOException;
  }

  private final Intake intake;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final int port;
  private volatile Weather weather = Weather.FAIR;
  private @Nullable ServerSocket socket;

  Receiver(Intake intake) throws IOException {
    this.intake = intake;
    port = listen(0);
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  /** Whoever has no answer yet is cut off. */
  synchronized void weather(Weather next) throws IOException {
    Weather last = weather;
    weather = next;
    if (next == Weather.AWAY || last == Weather.SILENT || last == Weather.ENDLESS) {
      closeAll();
    }
    if (next == Weather.AWAY && socket != null) {
      socket.close();
      socket = null;
    } else if (next != Weather.AWAY && socket == null) {
      listen(port);
    }
  }

  private void closeAll() throws IOException {
    for (Socket one : open) {
      one.close();
    }
    open.clear();
  }

  private int listen(int at) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), at));
    socket = listening;
    start("soak-accept", () -> accept(listening));
    return listening.getLocalPort();
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(ServerSocket listening) {
    try {
      for (; ; ) {
        Socket client = listening.accept();
        open.add(client);
        start("soak-serve", () -> serve(client));
      }
    } catch (IOException e) {
      // It is closed: the weather has changed.
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      for (String first = line(in); !first.isEmpty(); first = line(in)) {
        byte[] body = body(in);
        if (!answer(client, first.split(" ")[1], body)) {
          return;
        }
      }
    } catch (IOException e) {
      // The client, or the weather, has closed it.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      line.append(c == '\r' ? "" : (char) c);
    }
    return line.toString();
  }

  private static byte[] body(InputStream in) throws IOException {
    int length = 0;
    boolean chunked = false;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).trim());
      }
      chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
    }
    if (!chunked) {
      return exactly(in, length);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int n = size(in); n > 0; n = size(in)) {
      all.write(exactly(in, n));
      line(in);
    }
    line(in);
    return all.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in).trim(), 16);
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] read = in.readNBytes(length);
    if (read.length < length) {
      throw new IOException("ends too early");
    }
    return read;
  }

  /** Whether the connection goes on. */
  private boolean answer(Socket client, String path, byte[] body)
      throws IOException, InterruptedException {
    Weather now = weather;
    if (now == Weather.SLOW) {
      Thread.sleep(SLOW_MILLIS);
    }
    OutputStream out = client.getOutputStream();
    synchronized (this) {
      if (client.isClosed()) {
        return false;
      }
      int status = status(now);
      intake.request(path, body, status);
      switch (now) {
        case RESETTING -> client.setSoLinger(true, 0);
        case GARBAGE -> out.write("\0\1\2 no HTTP\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        case SILENT, AWAY -> {}
        default -> out.write(head(now, status).getBytes(StandardCharsets.US_ASCII));
      }
    }
    if (now == Weather.ENDLESS) {
      endless(out);
    }
    while (now == Weather.SILENT && weather == now) {
      Thread.sleep(100);
    }
    return now != Weather.RESETTING && now != Weather.GARBAGE && now != Weather.SILENT;
  }

  private static int status(Weather weather) {
    return switch (weather) {
      case FAIR, SLOW -> 200;
      case ENDLESS -> 206;
      case FAILING -> 500;
      case BUSY -> 429;
      case REFUSING -> 400;
      case UNAUTHORIZED -> 401;
      case REDIRECTING -> 302;
      case AWAY, SILENT, GARBAGE, RESETTING -> 0;
    };
  }

  private String head(Weather now, int status) {
    String length = now == Weather.ENDLESS ? "Transfer-Encoding: chunked" : "Content-Length: 0";
    String more =
        now == Weather.BUSY
            ? "Retry-After: 2\r\n"
            : now == Weather.REDIRECTING ? "Location: " + address() + "/\r\n" : "";
    return "HTTP/1.1 " + status + " so\r\n" + more + length + "\r\n\r\n";
  }

  /** Until the client has enough of it. */
  private void endless(OutputStream out) throws IOException, InterruptedException {
    byte[] chunk = ("400\r\n" + "x".repeat(0x400) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    while (weather == Weather.ENDLESS) {
      out.write(chunk);
      out.flush();
      Thread.sleep(1);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    weather(Weather.AWAY);
  }
}
