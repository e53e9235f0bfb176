package io.sonde.exporters.otlp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sonde.core.ClientSpan;
import io.sonde.core.Delivery.Outcome;
import io.sonde.core.Headers;
import io.sonde.core.ServerSpan;
import io.sonde.testing.OtlpSink;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the exporter's thread allocates for a span, from the queue to the socket. */
final class AllocationTest {
  private static final Headers<Map<String, String>> NONE = (carrier, name) -> null;
  private static final int BATCH = 512;
  private static final int ROUNDS = 20;

  /** The most for a span of six attributes. */
  private static final long BUDGET = 60;

  @Test
  void exportedSpan_staysInTheBudget() {
    try (OtlpSink sink = OtlpSink.counting();
        Export export = new Export("OTEL_EXPORTER_OTLP_ENDPOINT", sink.endpoint())) {
      rounds(export, 0);
      long before = allocated(export.thread);
      rounds(export, ROUNDS);
      long each = (allocated(export.thread) - before) / (ROUNDS * BATCH);
      System.out.println("bytes allocated per exported span: " + each);
      assertTrue(each <= BUDGET, each + " bytes");
    }
  }

  private static void rounds(Export export, int done) {
    for (int round = 1; round <= ROUNDS; round++) {
      for (int i = 0; i < BATCH / 2; i++) {
        pair();
      }
      export.await(Outcome.EXPORTED, (long) (done + round) * BATCH);
    }
  }

  private static void pair() {
    ServerSpan server = ServerSpan.start(Map.of(), NONE, "GET");
    server.scheme("http");
    server.target("/cart/4711", null);
    server.route("/cart/{id}", 2);
    ClientSpan client = ClientSpan.start("GET");
    client.address("http", "stock", 8080);
    client.url("http://stock:8080/items/4711");
    client.status(200);
    client.end();
    server.status(200);
    server.exit();
    server.end();
  }

  private static long allocated(Thread thread) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getThreadAllocatedBytes(thread.getId());
  }
}
