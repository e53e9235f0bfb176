package io.sonde.agent.metrics;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sonde.core.DatabaseSpan;
import io.sonde.core.Delivery;
import io.sonde.core.Propagation;
import io.sonde.core.Red;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.core.database.Database;
import io.sonde.core.database.Queries;
import io.sonde.core.metrics.Labels;
import io.sonde.exporters.endpoint.Gzip;
import io.sonde.exporters.prometheus.Created;
import io.sonde.exporters.prometheus.Exposition;
import io.sonde.exporters.prometheus.Exposition.Format;
import io.sonde.exporters.prometheus.Histograms;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a scrape of 2,000 series of calls, and of all else that there is, takes of its thread. Bytes
 * are a budget; the processor's time is printed.
 */
class ScrapeCostTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 100;

  private static Exposition exposition;

  @BeforeAll
  static void calls() {
    Red red = Red.start(2000);
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext"), new SpanQueue(4096, 512));
    for (int i = 0; i < 100; i++) {
      ServerSpan span = ServerSpan.start(Map.of(), (from, name) -> null, "GET");
      span.route("/products/{id}/offers/" + i, 2);
      span.scheme("http");
      span.httpVersion("1.1");
      span.status(200);
      span.exit();
      span.end();
    }
    Database database = new Database("postgresql", "shop", "db.example", 5432);
    for (int i = 0; i < 25; i++) {
      DatabaseSpan.start(database, Queries.of(database, "select * from table" + i)).end();
    }
    AgentMetrics own = new AgentMetrics(new Delivery(), null, List.of(), red);
    AllMetrics all = new AllMetrics(red, own, null, new AllMetricsTest.Agent());
    Labels resource = Labels.of("service.name", "shop", "service.instance.id", "1");
    exposition = new Exposition(all, resource, "1.0.0", Histograms.CLASSIC, new Created());
  }

  @AfterAll
  static void stop() {
    Tracing.stop();
  }

  @ParameterizedTest
  @CsvSource({
    "TEXT, false, 600",
    "OPEN_METRICS, false, 600",
    "PROTOBUF, false, 600",
    "OPEN_METRICS, true, 600"
  })
  void scrape_takesSoManyKilobytes(Format format, boolean gzip, long budget) throws IOException {
    long[] nanos = new long[ROUNDS];
    long[] bytes = new long[ROUNDS];
    long thread = Thread.currentThread().getId();
    Counting sink = new Counting();
    for (int i = 0; i < ROUNDS; i++) {
      sink.bytes = 0;
      long allocated = THREADS.getThreadAllocatedBytes(thread);
      long before = THREADS.getCurrentThreadCpuTime();
      try (OutputStream out = gzip ? new Gzip(sink) : sink) {
        exposition.write(format, out);
      }
      nanos[i] = THREADS.getCurrentThreadCpuTime() - before;
      bytes[i] = THREADS.getThreadAllocatedBytes(thread) - allocated;
    }
    System.out.printf(
        "%s%s: %,d bytes sent; first scrape %.1f ms, median of the last 50 %.2f ms, %,d bytes%n",
        format,
        gzip ? " gzip" : "",
        sink.bytes,
        nanos[0] / 1e6,
        median(nanos) / 1e6,
        median(bytes));
    long kilobytes = median(bytes) / 1000;
    assertTrue(sink.bytes > 5_000, () -> sink.bytes + " bytes");
    assertTrue(kilobytes <= budget, () -> kilobytes + " kB, budget " + budget);
  }

  private static long median(long[] of) {
    long[] last = Arrays.copyOfRange(of, of.length / 2, of.length);
    Arrays.sort(last);
    return last[last.length / 2];
  }

  private static final class Counting extends OutputStream {
    long bytes;

    @Override
    public void write(int b) {
      bytes++;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      bytes += length;
    }
  }
}
