package io.sonde.exporters.otlp;

import io.sonde.core.Delivery;
import io.sonde.core.SpanQueue;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request without spans to itself, so that the AOT cache which this JVM makes holds what
 * an exporter takes: a training run has no receiver, and is over before one is needed. At the JVM's
 * end it would be too late, the cache is made before shutdown hooks run.
 */
public final class Rehearsal implements Runnable {
  private static final int MILLIS = 10_000;
  private static final long DELAY_NANOS = 1_000_000_000;

  /** The four bytes before the body. */
  private static final int END_OF_HEAD = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

  /** What is read after the end. */
  private static final int NOTHING = -1;

  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 0\r\n"
          + "Connection: close\r\n\r\n";

  private final @Nullable Target like;
  private final SpanExporter.Surroundings surroundings;

  /** Speaks the protocol of {@code like}, or the default where that is null. */
  public Rehearsal(@Nullable Target like, SpanExporter.Surroundings surroundings) {
    this.like = like;
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    // Not before the application's main method has begun: what is first in a JVM decides things.
    LockSupport.parkNanos(this, DELAY_NANOS);
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout(MILLIS);
      Thread receiver = new Thread(null, () -> answer(server), "sonde-rehearsal-receiver", 0);
      receiver.setDaemon(true);
      receiver.setContextClassLoader(null);
      receiver.start();
      Target target = Target.local(like, server.getLocalPort(), MILLIS);
      if (target != null) {
        SpanExporter.Timing timing = new SpanExporter.Timing(1, MILLIS, MILLIS);
        Silence silence = new Silence(surroundings);
        new SpanExporter(target, new SpanQueue(1, 1), timing, new Delivery(), silence).rehearse();
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      // Then the cache holds less, and what is missing comes from the jar.
    }
  }

  private static void answer(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket.setSoTimeout(MILLIS);
      InputStream in = socket.getInputStream();
      int last = 0;
      do {
        last = last << 8 | in.read() & 0xff;
      } while (last != END_OF_HEAD && last != NOTHING);
      socket.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      while (in.read() >= 0) {
        // A close before the request is read to its end would take the answer back.
      }
    } catch (IOException e) {
      // The sender has given up.
    }
  }

  /** Nobody has to know how the rehearsal went. */
  private static final class Silence implements SpanExporter.Surroundings {
    private final SpanExporter.Surroundings surroundings;

    Silence(SpanExporter.Surroundings surroundings) {
      this.surroundings = surroundings;
    }

    @Override
    public Map<String, Object> resource() {
      return surroundings.resource();
    }

    @Override
    public String version() {
      return surroundings.version();
    }

    @Override
    public long loadedClasses() {
      return surroundings.loadedClasses();
    }

    @Override
    public void warn(String line) {}
  }
}
