package io.sonde.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * HTTP/1.1 over one connection, kept alive, to a server on this machine, for loads: it costs so
 * little that what is measured is the server. For one thread.
 */
public final class HttpConnection implements AutoCloseable {
  private final int port;
  private final String host;
  private Socket socket;
  private InputStream in;
  private boolean closing;
  private String body = "";

  public HttpConnection(int port) throws IOException {
    this.port = port;
    this.host = "127.0.0.1:" + port;
    this.socket = connect(port);
    this.in = new BufferedInputStream(socket.getInputStream(), 16_384);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
    return socket;
  }

  /** Sends a GET, reads the whole answer, and returns its status. */
  public int get(String path) throws IOException {
    return exchange("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }

  /** Sends a POST of JSON, reads the whole answer, and returns its status. */
  public int post(String path, String json) throws IOException {
    return exchange(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json);
  }

  /** The body of the last answer. */
  public String body() {
    return body;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private int exchange(String request) throws IOException {
    if (closing) { // said the server with its last answer
      socket.close();
      socket = connect(port);
      in = new BufferedInputStream(socket.getInputStream(), 16_384);
      closing = false;
    }
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    String statusLine = line();
    int status = Integer.parseInt(statusLine.substring(9, 12));
    int length = 0;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).trim());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      } else if (lower.startsWith("connection:")) {
        closing = lower.contains("close");
      }
    }
    body = new String(chunked ? chunks() : bytes(length), StandardCharsets.UTF_8);
    return status;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      byte[] chunk = bytes(Integer.parseInt(line(), 16));
      line();
      if (chunk.length == 0) {
        return all.toByteArray();
      }
      all.writeBytes(chunk);
    }
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the server closed the connection within a body");
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
