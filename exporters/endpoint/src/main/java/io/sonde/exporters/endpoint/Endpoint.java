package io.sonde.exporters.endpoint;

import io.sonde.core.Messages;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Listens, and answers each connection's one request from the page at its path.
 *
 * <p>At most {@value #MAX_CONNECTIONS} at a time, each for at most ten seconds however slowly its
 * client reads, unless its page wants longer, and two of them to say what it wants. One more takes
 * the place of the one that has said nothing for longest, or is answered 503 at once.
 */
public final class Endpoint implements Runnable {
  static final int MAX_CONNECTIONS = 8;
  private static final int BACKLOG = 16;
  private static final int LOOK_MILLIS = 500;
  private static final long HEAD_NANOS = 2_000_000_000L;
  private static final long END_MILLIS = 200;

  private final Listen listen;
  private final Map<String, Page> pages = new LinkedHashMap<>();
  private final Messages messages;
  private final long longestNanos;
  private final long headNanos;
  private final List<Connection> connections = // acceptor's thread only, and never grows
      new ArrayList<>(MAX_CONNECTIONS);
  private final AtomicInteger number = new AtomicInteger();
  private volatile @Nullable Tls tls;
  private volatile @Nullable ServerSocket server;
  private volatile boolean closed;

  /** An endpoint that is to listen there. */
  public Endpoint(Listen listen, Messages messages) {
    this(listen, messages, 10_000);
  }

  Endpoint(Listen listen, Messages messages, long longestMillis) {
    this.listen = listen;
    this.messages = messages;
    longestNanos = longestMillis * 1_000_000;
    headNanos = Math.min(longestNanos, HEAD_NANOS);
  }

  /** Adds a page, before {@link #run}; with a password set it is asked for it. */
  public Endpoint page(String path, Page page) {
    pages.put(path, page);
    return this;
  }

  /** Where it listens, 0 before it does; for a port that the system chose. */
  int port() {
    ServerSocket socket = server;
    return socket == null ? 0 : socket.getLocalPort();
  }

  /** Whether it listens, and for this machine alone. */
  public boolean isLocal() {
    ServerSocket socket = server;
    InetAddress address = socket == null ? null : socket.getInetAddress();
    return address != null && address.isLoopbackAddress();
  }

  /** Whether nobody is answered without a password. */
  public boolean asksForPassword() {
    return listen.asksForPassword();
  }

  /** The name or address that it was told to listen on. */
  public String host() {
    return listen.host;
  }

  @Override
  public void run() {
    try (ServerSocket socket = open()) {
      server = socket;
      while (!closed) {
        try {
          accept(socket);
          watch();
        } catch (RuntimeException | Error e) {
          // No memory, or a class that cannot be had now: later it may be otherwise.
          messages.warn("a request to " + listen + " is not answered: " + e);
          pause();
        }
      }
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      if (!closed) {
        messages.warn(
            "nothing listens on "
                + listen
                + ": "
                + e.getMessage()
                + "; free it or choose another by "
                + listen.setting);
      }
    } finally {
      server = null;
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  void close() {
    closed = true;
    ServerSocket socket = server;
    if (socket != null) {
      quietly(socket);
    }
  }

  private ServerSocket open() throws IOException, GeneralSecurityException {
    tls = listen.tls();
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(listen.host), listen.port), BACKLOG);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private void accept(ServerSocket socket) throws IOException {
    // Wakes up only while there is a connection to be watched.
    socket.setSoTimeout(connections.isEmpty() ? 0 : LOOK_MILLIS);
    Socket client;
    try {
      client = socket.accept();
    } catch (SocketTimeoutException e) {
      return;
    } catch (IOException e) {
      if (socket.isClosed()) {
        throw e;
      }
      pause();
      return;
    }
    boolean answers = false;
    try {
      answers = answers(new Connection(client));
    } catch (OutOfMemoryError e) {
      // No thread to be had: the application needs what there is.
    } finally {
      if (!answers) {
        quietly(client);
      }
    }
  }

  private boolean answers(Connection connection) {
    if (isFull()) {
      dropSilent();
    }
    if (isFull()) {
      connection.refuse();
      return false;
    }
    connection.start("sonde-http-" + number.incrementAndGet());
    connections.add(connection);
    return true;
  }

  private boolean isFull() {
    if (connections.size() >= MAX_CONNECTIONS) {
      watch();
    }
    return connections.size() >= MAX_CONNECTIONS;
  }

  /** Whoever connects and says nothing must not keep others out. */
  private void dropSilent() {
    for (Connection connection : connections) {
      if (!connection.heard) {
        connection.cutOff();
        connection.awaitEnd();
        return;
      }
    }
  }

  /** Out of file descriptors, for example. */
  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    long now = System.nanoTime();
    for (Iterator<Connection> all = connections.iterator(); all.hasNext(); ) {
      Connection connection = all.next();
      if (connection.done) {
        all.remove();
      } else if (now - connection.begun > connection.longest()) {
        connection.cutOff();
      }
    }
  }

  private static void quietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is closed as far as it can be.
    }
  }

  /** One client and its one request. */
  private final class Connection implements Runnable {
    private final Socket client;
    private final long begun = System.nanoTime();
    private @Nullable Thread thread; // acceptor's thread only
    private volatile boolean heard;
    private volatile long moreNanos;
    private volatile boolean done;

    Connection(Socket client) {
      this.client = client;
    }

    void start(String name) {
      // A daemon without a context loader, as the acceptor: to say so may be forbidden by now.
      Thread answering = thread = new Thread(null, this, name, 0);
      answering.start();
    }

    void close() {
      quietly(client);
    }

    long longest() {
      return heard ? longestNanos + moreNanos : headNanos;
    }

    /**
     * Ends it from another thread, without waiting for a client that does not read: what was not
     * sent is forgotten, and TLS, which would say good-bye, is not asked.
     */
    void cutOff() {
      try {
        client.setSoLinger(true, 0);
      } catch (IOException e) {
        // It is closed already.
      }
      close();
    }

    /** After a cut: its thread has nothing left to wait for. */
    void awaitEnd() {
      Thread answering = thread;
      try {
        if (answering != null) {
          answering.join(END_MILLIS);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** On the acceptor's thread: the buffer of a new connection takes this without waiting. */
    void refuse() {
      try {
        if (tls == null) {
          Response.send(client.getOutputStream(), 503, false, "", "too many connections\n");
        }
      } catch (IOException e) {
        // It is gone by itself.
      }
      close();
    }

    @Override
    public void run() {
      try {
        client.setSoTimeout((int) Math.max(1, longestNanos / 1_000_000));
        client.setTcpNoDelay(true);
        Tls encrypting = tls;
        try (Socket socket = encrypting == null ? client : encrypting.over(client)) {
          OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 4096);
          answer(socket, out);
          out.flush();
          socket.shutdownOutput();
        }
      } catch (Throwable e) {
        // Whoever asked has gone, is too slow or speaks no TLS: its own affair. And whatever else
        // it is, the application's handler of uncaught exceptions has no part in it.
      } finally {
        close();
        done = true;
      }
    }

    private void answer(Socket socket, OutputStream out) throws IOException {
      try {
        Request request = read(socket.getInputStream());
        if (request != null) {
          answer(request, out);
        }
      } catch (Request.Refused e) {
        Response.send(out, e.status, false, "", Response.reason(e.status) + '\n');
        socket.shutdownOutput();
        skipRest(socket);
      }
    }

    private @Nullable Request read(InputStream in) throws IOException, Request.Refused {
      try {
        return Request.read(in);
      } finally {
        heard = true;
      }
    }

    /** A socket closed with something unread in it takes back what was sent last. */
    private void skipRest(Socket socket) throws IOException {
      socket.setSoTimeout(LOOK_MILLIS);
      byte[] unread = new byte[8192];
      for (int i = 0; i < 16 && socket.getInputStream().read(unread) >= 0; i++) {
        // Nothing of it is wanted.
      }
    }

    private void answer(Request request, OutputStream out) throws IOException {
      boolean head = request.method().equals("HEAD");
      Page page = pages.get(request.path());
      if (!listen.allows(request)) {
        String realm = "WWW-Authenticate: Basic realm=\"sonde\"\r\n";
        Response.send(out, 401, head, realm, "a user and a password are needed\n");
      } else if (page == null) {
        Response.send(out, 404, head, "", "there is: " + String.join(" ", pages.keySet()) + '\n');
      } else if (!head && !request.method().equals("GET")) {
        Response.send(out, 405, false, "Allow: GET, HEAD\r\n", "GET or HEAD\n");
      } else {
        moreNanos = page.moreMillis(request) * 1_000_000;
        answer(page, request, new Response(request, out, tls == null ? client : null), out);
      }
    }

    private void answer(Page page, Request request, Response response, OutputStream out)
        throws IOException {
      try {
        page.answer(request, response);
        response.end();
      } catch (IOException e) {
        throw e;
      } catch (Throwable e) {
        messages.warn("the page " + request.path() + " failed: " + e + "; please report this");
        if (!response.begun()) {
          Response.send(out, 500, false, "", "this failed: " + e + '\n');
        }
      }
    }
  }

  /** Compares without telling by its time where they differ. */
  static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
