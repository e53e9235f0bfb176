package io.sonde.exporters.otlp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A connection to the receiver, over TLS where there is a factory for it. */
final class Connection {
  final InputStream in;
  final OutputStream out;
  private final Socket socket;
  private boolean used;

  private Connection(Socket socket, InputStream in, OutputStream out) {
    this.socket = socket;
    this.in = in;
    this.out = out;
  }

  /** Connects to the first of the host's addresses that answers. */
  static Connection open(
      String host, int port, @Nullable SSLSocketFactory tls, Guard guard, long deadline)
      throws IOException {
    IOException failed = null;
    for (InetAddress address : InetAddress.getAllByName(host)) {
      Socket socket = new Socket();
      guard.watch(socket, deadline);
      try {
        socket.connect(new InetSocketAddress(address, port), millisUntil(deadline));
        socket.setTcpNoDelay(true);
        return over(socket, host, port, tls);
      } catch (IOException e) {
        socket.close();
        failed = failed == null ? e : failed;
      }
    }
    throw failed == null ? new IOException("no address of " + host) : failed;
  }

  private static Connection over(
      Socket socket, String host, int port, @Nullable SSLSocketFactory tls) throws IOException {
    Socket talking = socket;
    if (tls != null) {
      SSLSocket secure = (SSLSocket) tls.createSocket(socket, host, port, true);
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.startHandshake();
      talking = secure;
    }
    InputStream in = new BufferedInputStream(talking.getInputStream(), 4096);
    // The one that carries TLS is never closed by the guard: its close waits for the write that it
    // should end.
    return new Connection(socket, in, talking.getOutputStream());
  }

  /** From here on the guard closes this connection at {@code deadline}. */
  void guard(Guard guard, long deadline) {
    guard.watch(socket, deadline);
  }

  /** Whether this connection had an exchange before; remembers that it has one now. */
  boolean used() {
    boolean before = used;
    used = true;
    return before;
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      used = true;
    }
  }

  private static int millisUntil(long deadline) throws SocketTimeoutException {
    long millis = (deadline - System.nanoTime()) / 1_000_000;
    if (millis <= 0) {
      throw new SocketTimeoutException("connect timed out");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }
}
