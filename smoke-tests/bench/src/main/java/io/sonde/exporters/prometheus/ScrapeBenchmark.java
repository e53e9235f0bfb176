package io.sonde.exporters.prometheus;

import io.sonde.core.metrics.Exemplar;
import io.sonde.core.metrics.Exponential;
import io.sonde.core.metrics.Histogram;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricSource;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a scrape writes, of so many series as Prometheus counts them: 17 for each histogram. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ScrapeBenchmark {
  private static final double[] BOUNDS = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10
  };

  @Param({"TEXT", "OPEN_METRICS", "PROTOBUF"})
  Exposition.Format format;

  @Param({"2000", "34000"})
  int series;

  private final Sink sink = new Sink();
  private Exposition exposition;

  /** Histograms with an exemplar in every other bucket, and half as many numbers. */
  @Setup
  public void fill() {
    List<Labels> labels = new ArrayList<>();
    for (int i = 0; i < series / 17; i++) {
      labels.add(
          Labels.of(
              "http.request.method",
              "GET",
              "http.route",
              "/orders/{id}/" + i,
              "url.scheme",
              "http",
              "http.response.status_code",
              200L));
    }
    Exemplar[] exemplars = new Exemplar[BOUNDS.length + 1];
    long[] counts = new long[exemplars.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = 12_345 / (i + 1);
      exemplars[i] = i % 2 == 0 ? null : new Exemplar(77, i, i, 0.0123, 1_700_000_000_123L);
    }
    Exponential exponential = new Exponential(3, 1e-6, 3, -60, new long[] {1, 5, 9, 8, 7, 3, 2});
    Histogram histogram =
        new Histogram(BOUNDS, counts, 12.3456789, exemplars, Double.NaN, exponential);
    Instrument instrument =
        new Instrument(Instrument.Kind.HISTOGRAM, "http.server.request.duration", "s", "How long.");
    MetricSource source =
        reader -> {
          reader.instrument(instrument);
          for (Labels one : labels) {
            reader.histogram(one, histogram);
          }
        };
    exposition =
        new Exposition(
            source, Labels.of("service.name", "shop"), "1.2.3", Histograms.BOTH, new Created());
  }

  /** One page. */
  @Benchmark
  public long scrape() throws IOException {
    exposition.write(format, sink);
    return sink.bytes;
  }

  /** Takes bytes as the endpoint does, into an array. */
  private static final class Sink extends OutputStream {
    private final byte[] buffer = new byte[16 * 1024];
    private int used;
    long bytes;

    @Override
    public void write(int b) {
      if (used == buffer.length) {
        used = 0;
      }
      buffer[used++] = (byte) b;
      bytes++;
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      for (int done = 0; done < length; ) {
        used = used == buffer.length ? 0 : used;
        int n = Math.min(length - done, buffer.length - used);
        System.arraycopy(from, offset + done, buffer, used, n);
        used += n;
        done += n;
      }
      bytes += length;
    }
  }
}
