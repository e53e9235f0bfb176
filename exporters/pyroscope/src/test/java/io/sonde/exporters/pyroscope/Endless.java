package io.sonde.exporters.pyroscope;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server whose answers begin like this and go on until the client has enough. */
final class Endless implements AutoCloseable {
  private static final byte[] CHUNK =
      ("4000\r\n" + "x".repeat(0x4000) + "\r\n").getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final byte[] beginning;

  Endless(String beginning) throws IOException {
    this.beginning = beginning.getBytes(StandardCharsets.US_ASCII);
    start(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "endless");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      for (; ; ) {
        Socket client = server.accept();
        start(() -> answer(client));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  private void answer(Socket client) {
    boolean header = beginning[beginning.length - 1] != '\n';
    try (client) {
      InputStream in = client.getInputStream();
      if (in.read() < 0) {
        return;
      }
      OutputStream out = client.getOutputStream();
      out.write(beginning);
      for (; ; ) {
        out.write(CHUNK, header ? 6 : 0, header ? 0x4000 : CHUNK.length);
      }
    } catch (IOException e) {
      // It has enough.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
