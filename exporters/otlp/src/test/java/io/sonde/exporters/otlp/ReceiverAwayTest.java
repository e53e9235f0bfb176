package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.core.Delivery.Outcome;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** Receivers that are not there, do not read, or come back; over plain sockets. */
final class ReceiverAwayTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  @Test
  void dead_queueIsBoundedAndNewestAreCounted_thenAllThatWaitedArrive() throws Exception {
    int port = Ports.free();
    try (Export export = new Export(256, 64, 60_000, ENDPOINT, "http://localhost:" + port)) {
      export.spans(64);
      export.await(() -> export.queue.size() == 0, "the first batch under way");
      export.spans(1000);
      assertEquals(1000 - 256, export.count(Outcome.QUEUE_FULL));
      try (OtlpSink sink = OtlpSink.http(port)) {
        export.await(Outcome.EXPORTED, 64 + 256);
        assertEquals(64 + 256, sink.counts().spans());
        assertEquals(64 + 256 + 744, export.delivery.lost() + export.count(Outcome.EXPORTED));
        assertEquals("744 queue full", export.delivery.losses());
      }
    }
  }

  @Test
  void dead_batchIsGivenUpAndCounted() throws Exception {
    try (Export export = new Export(256, 64, 100, ENDPOINT, "http://localhost:" + Ports.free())) {
      export.spans(10).await(Outcome.UNREACHABLE, 10);
      assertTrue(export.said.get(0).contains("nothing listens there"), export.said.get(0));
    }
  }

  @Test
  void manyFailures_oneLine() throws Exception {
    try (Export export = new Export(256, 1, 20, ENDPOINT, "http://localhost:" + Ports.free())) {
      export.spans(5).await(Outcome.UNREACHABLE, 5);
      assertEquals(1, export.said.size(), () -> export.said.toString());
    }
  }

  @Test
  void acceptingButNeverReading_endsAtTheTimeout() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Export export =
            new Export(
                8192,
                4096,
                100,
                ENDPOINT,
                "http://127.0.0.1:" + deaf.getLocalPort(),
                "OTEL_EXPORTER_OTLP_TIMEOUT",
                "300")) {
      // More than both ends' buffers take.
      export
          .spans(4096, "x".repeat(2000))
          .await(() -> export.count(Outcome.TIMEOUT) > 0, "a timeout");
    }
  }

  @Test
  void flush_receiverThere_sendsWhatWaits() {
    try (OtlpSink sink = OtlpSink.http();
        Export export = Export.slow(ENDPOINT, sink.endpoint())) {
      export.spans(10);
      export.exporter.flush();
      assertEquals(10, sink.counts().spans());
      export.spans(1).await(Outcome.EXPORTED, 11);
    }
  }

  @Test
  void flush_receiverDead_returnsAtOnce() throws Exception {
    assertQuick(
        () -> {
          try (Export export = Export.slow(ENDPOINT, "http://localhost:" + Ports.free())) {
            export.spans(10);
            long millis = flushMillis(export);
            assertEquals(10, export.count(Outcome.UNREACHABLE));
            return millis;
          }
        });
  }

  @Test
  void flush_receiverDead_whatWaitsIsCountedAsUnsent() throws Exception {
    String endpoint = "http://localhost:" + Ports.free();
    try (Export export = new Export(256, 64, 60_000, ENDPOINT, endpoint)) {
      export.spans(64);
      export.await(() -> export.queue.size() == 0, "the first batch under way");
      export.spans(300);
      export.exporter.flush();
      assertEquals(256, export.delivery.count(Outcome.UNSENT));
      assertEquals(0, export.delivery.waiting());
      assertEquals("44 queue full, 64 unreachable, 256 unsent", export.delivery.losses());
      assertEquals(
          "256 spans did not reach "
              + endpoint
              + "/v1/traces before the JVM ended: nothing listens there;"
              + " lost since the start: 44 queue full, 64 unreachable, 256 unsent",
          export.said.get(export.said.size() - 1));
    }
  }

  @Test
  void flush_receiverDead_aBatchUnderWayAndNothingElse_isSaidAsWell() throws Exception {
    String endpoint = "http://localhost:" + Ports.free();
    try (Export export = new Export(ENDPOINT, endpoint)) {
      export.spans(10).await(() -> !export.said.isEmpty(), "a complaint");
      export.exporter.flush();
      assertEquals(
          "10 spans did not reach "
              + endpoint
              + "/v1/traces before the JVM ended: nothing listens there;"
              + " lost since the start: 10 unreachable",
          export.said.get(export.said.size() - 1));
    }
  }

  @Test
  void flush_duringAPause_doesNotWaitForItsEnd() throws Exception {
    assertQuick(
        () -> {
          try (Export export = new Export(ENDPOINT, "http://localhost:" + Ports.free())) {
            export.spans(10).await(() -> !export.said.isEmpty(), "a complaint");
            return flushMillis(export);
          }
        });
  }

  @Test
  void keptConnection_isUsedAgain() throws Exception {
    List<Socket> connections = new ArrayList<>();
    try (OtlpSink sink = OtlpSink.http();
        ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> relay(proxy, sink.port(), connections));
      thread.setDaemon(true);
      thread.start();
      try (Export export = new Export(ENDPOINT, "http://127.0.0.1:" + proxy.getLocalPort())) {
        for (int i = 1; i <= 5; i++) {
          export.spans(1).await(Outcome.EXPORTED, i);
        }
      }
      assertEquals(1, connections.size());
    } finally {
      for (Socket connection : connections) {
        connection.close();
      }
    }
  }

  private static void relay(ServerSocket from, int port, List<Socket> connections) {
    try {
      while (true) {
        Socket client = from.accept();
        connections.add(client);
        Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
        pump(client, server);
        pump(server, client);
      }
    } catch (IOException closed) {
      from.isClosed();
    }
  }

  private static void pump(Socket from, Socket to) {
    Thread thread =
        new Thread(
            () -> {
              try {
                from.getInputStream().transferTo(to.getOutputStream());
              } catch (IOException closed) {
                from.isClosed();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** In one of three times: the machine may be busy with something else. */
  private static void assertQuick(LongSupplier flush) {
    long millis = Long.MAX_VALUE;
    for (int i = 0; i < 3 && millis >= 1500; i++) {
      millis = flush.getAsLong();
    }
    assertTrue(millis < 1500, "took " + millis + " ms");
  }

  private static long flushMillis(Export export) {
    long start = System.nanoTime();
    export.exporter.flush();
    return (System.nanoTime() - start) / 1_000_000;
  }
}
