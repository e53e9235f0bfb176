package io.sonde.libraries.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * Speaks as much of TDS, SQL Server's protocol, as the drivers need to make each kind of call,
 * since no SQL Server runs everywhere: one table a connection, whose first column is unique.
 */
final class TdsServer implements AutoCloseable {
  private final ServerSocket socket;

  TdsServer() {
    try {
      socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(
        () -> {
          while (true) {
            Socket client = socket.accept();
            daemon(() -> new TdsSession(client).run());
          }
        });
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What ends with its socket. */
  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // Closed, by us or by the driver.
              }
            },
            "tds");
    thread.setDaemon(true);
    thread.start();
  }
}
