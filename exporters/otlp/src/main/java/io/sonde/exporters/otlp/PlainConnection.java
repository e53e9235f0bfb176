package io.sonde.exporters.otlp;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection, on which nothing takes longer than until a deadline: neither connecting nor
 * reading nor, as it would with a plain socket, writing to somebody who does not read.
 */
final class PlainConnection extends OutputStream {
  private static final int BUFFER = 8192;
  private static final long MILLI = 1_000_000;

  private final Selector selector;
  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER);
  private final ByteBuffer out = ByteBuffer.allocate(BUFFER);
  private long deadline;
  private boolean answered;

  private PlainConnection(Selector selector, SocketChannel channel, long deadline)
      throws IOException {
    this.selector = selector;
    this.channel = channel;
    this.deadline = deadline;
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    key = channel.register(selector, 0);
    in.limit(0);
  }

  /** Connects to the first address of the host that answers. */
  static PlainConnection open(String host, int port, long deadline) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    IOException first = null;
    for (int i = 0; i < addresses.length; i++) {
      long now = System.nanoTime();
      long until = now + (deadline - now) / (addresses.length - i);
      try {
        return open(new InetSocketAddress(addresses[i], port), until);
      } catch (IOException | RuntimeException e) {
        // NIO throws unchecked for a kind of address that this JVM was told not to use.
        first = first != null ? first : e instanceof IOException ? (IOException) e : broken(e);
      }
    }
    throw first != null ? first : new UnknownHostException(host);
  }

  private static PlainConnection open(InetSocketAddress address, long deadline) throws IOException {
    Selector selector = Selector.open();
    SocketChannel channel = null;
    try {
      channel = SocketChannel.open();
      PlainConnection connection = new PlainConnection(selector, channel, deadline);
      boolean connected = channel.connect(address);
      while (!connected) {
        connection.await(SelectionKey.OP_CONNECT);
        connected = channel.finishConnect();
      }
      return connection;
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel);
      closeQuietly(selector);
      throw e;
    }
  }

  /** As what broke the connection: NIO has no class of its own for that. */
  private static SocketException broken(Exception e) {
    String message = e instanceof IOException ? e.getMessage() : null;
    SocketException broken = new SocketException(message != null ? message : e.toString());
    broken.initCause(e);
    return broken;
  }

  private static void closeQuietly(@Nullable Closeable what) {
    if (what != null) {
      try {
        what.close();
      } catch (IOException e) {
        // What was read or thrown before says more.
      }
    }
  }

  /** What follows ends at this time by {@link System#nanoTime()}. */
  void until(long nanos) {
    deadline = nanos;
    answered = false;
  }

  /** Whether a byte came since {@link #until}. */
  boolean isAnswered() {
    return answered;
  }

  /** Whether it can be used again: the other end has neither closed it nor said more. */
  boolean isOpen() {
    if (in.hasRemaining()) {
      return false;
    }
    try {
      in.clear();
      return channel.read(in) == 0;
    } catch (IOException e) {
      return false;
    } finally {
      in.limit(0);
    }
  }

  /** The next byte, -1 at the end. */
  int read() throws IOException {
    if (!in.hasRemaining()) {
      in.clear();
      int read = receive();
      while (read == 0) {
        await(SelectionKey.OP_READ);
        read = receive();
      }
      in.flip();
      if (read < 0) {
        return -1;
      }
      answered = true;
    }
    return in.get() & 0xff;
  }

  @Override
  public void write(int one) throws IOException {
    if (!out.hasRemaining()) {
      flush();
    }
    out.put((byte) one);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int at = 0; at < length; ) {
      if (!out.hasRemaining()) {
        flush();
      }
      int some = Math.min(out.remaining(), length - at);
      out.put(bytes, offset + at, some);
      at += some;
    }
  }

  @Override
  public void flush() throws IOException {
    out.flip();
    try {
      while (out.hasRemaining()) {
        if (send() == 0) {
          await(SelectionKey.OP_WRITE);
        }
      }
    } finally {
      out.clear();
    }
  }

  private int receive() throws SocketException {
    try {
      return channel.read(in);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private int send() throws SocketException {
    try {
      return channel.write(out);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private void await(int readiness) throws IOException {
    key.interestOps(readiness);
    while (true) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      selector.selectedKeys().clear();
      if (selector.select(left / MILLI + 1) > 0) {
        return;
      }
      // An interrupt ends a wait, and there is nothing else to wait for.
      Thread.interrupted();
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
    closeQuietly(selector);
  }
}
