package io.sonde.core;

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

/** The RED record of one call among 200 series, with its exemplar where the span is exported. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RedBenchmark {
  private static final int SERIES = 200;

  @Param({"true", "false"})
  boolean exported;

  /** Whether exponential buckets are counted too. */
  @Param({"false", "true"})
  boolean exponential;

  private final ServerSpan[] spans = new ServerSpan[SERIES];
  private int next;

  /** Spans of as many routes that have ended. */
  @Setup
  public void end() {
    Red.exponential(exponential);
    Red.start(2000);
    for (int i = 0; i < SERIES; i++) {
      ServerSpan span = ended("/orders/{id}/" + i);
      spans[i] = span;
      Red.record(span, exported);
    }
  }

  /** One call. */
  @Benchmark
  public void record() {
    int i = next;
    next = i + 1 == SERIES ? 0 : i + 1;
    Red.record(spans[i], exported);
  }

  private static ServerSpan ended(String route) {
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext"), null);
    ServerSpan span = ServerSpan.start("", (carrier, name) -> null, "GET");
    span.route(route, 2);
    span.scheme("http");
    span.status(200);
    span.exit();
    span.end();
    return span;
  }
}
