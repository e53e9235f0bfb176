package io.sonde.core;

import io.sonde.core.database.Database;
import io.sonde.core.database.Queries;
import io.sonde.core.database.Query;
import java.util.HashMap;
import java.util.Map;
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

/**
 * A span's whole life on the application's thread, with its RED record, into a queue that is read.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SpanBenchmark {
  @Param({"on", "off"})
  String sampler;

  private final Map<String, String> request = new HashMap<>();
  private final Map<String, String> sent = new HashMap<>();
  private final Headers<Map<String, String>> headers = Map::get;
  private final HeaderSink<Map<String, String>> sink = Map::put;
  private final Database database = new Database("postgresql", "shop", "db.example", 5432);
  private final Query query = Queries.of(database, "select * from orders where id = 42");
  private final SpanQueue queue = new SpanQueue(1024, 512);

  /** Starts tracing. */
  @Setup
  public void start() {
    request.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    request.put("Host", "shop.example:8080");
    request.put("User-Agent", "curl/8.0");
    Tracing.start(
        sampler.equals("on") ? Sampler.on(true) : Sampler.off(false),
        Propagation.of("tracecontext", "baggage"),
        queue);
  }

  /** An HTTP request served. */
  @Benchmark
  public Span server() {
    ServerSpan span = ServerSpan.start(request, headers, "GET");
    span.target("/orders/42", "page=1");
    span.origin(request, headers, "http", "10.0.0.1", 40_000);
    span.route("/orders/{id}", 2);
    span.status(200);
    span.exit();
    span.end();
    return queue.poll();
  }

  /** A statement executed. */
  @Benchmark
  public Span database() {
    DatabaseSpan span = DatabaseSpan.start(database, query);
    span.enter();
    span.leave();
    span.end();
    return queue.poll();
  }

  /** An HTTP request sent. */
  @Benchmark
  public Span client() {
    ClientSpan span = ClientSpan.start("GET");
    span.address("http", "stock.example", 8080);
    span.url("http://stock.example:8080/items/7");
    span.inject(sent, sink);
    span.enter();
    span.status(200);
    span.leave();
    span.end();
    return queue.poll();
  }

  /** A polled message worked on. */
  @Benchmark
  public Span process() {
    MessagingSpan span = MessagingSpan.turn("kafka", "process", "orders", request, headers, this);
    span.group("shop");
    span.set(Names.MESSAGING_KAFKA_OFFSET, 42);
    span.endTurn();
    return queue.poll();
  }

  /** What a log line asks for outside of any span. */
  @Benchmark
  public LogIds noContext() {
    return LogIds.current();
  }
}
