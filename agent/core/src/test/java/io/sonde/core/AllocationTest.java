package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sonde.core.database.Database;
import io.sonde.core.database.Queries;
import io.sonde.core.database.Query;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The budgets of the hot path in bytes a call, by the JVM's own count. A carrier's strings are
 * there already, as a server's or driver's are; the queue keeps what is recorded.
 */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 20_000;

  private final Map<String, String> request = new HashMap<>();
  private final Map<String, String> sent = new HashMap<>();
  private final Headers<Map<String, String>> headers = Map::get;
  private final HeaderSink<Map<String, String>> sink = Map::put;
  private final Database database = new Database("postgresql", "shop", "db.example", 5432);
  private final Query query = Queries.of(database, "select * from orders where id = 42");
  private final Thread thread = Thread.currentThread();
  private Recording recording;

  @AfterEach
  void stop() {
    recording.close();
  }

  private void record(Sampler sampler) {
    recording = new Recording(sampler);
    request.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    request.put("Host", "shop.example:8080");
    request.put("User-Agent", "curl/8.0");
  }

  private void notSampledByCaller() {
    record(Sampler.on(true));
    request.put("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");
  }

  private long perCall(Runnable call) {
    for (int i = 0; i < ROUNDS; i++) {
      call.run();
      recording.queue.poll();
    }
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      long before = THREADS.getThreadAllocatedBytes(thread.getId());
      for (int i = 0; i < ROUNDS; i++) {
        call.run();
        recording.queue.poll();
      }
      long bytes = THREADS.getThreadAllocatedBytes(thread.getId()) - before;
      least = Math.min(least, bytes / ROUNDS);
    }
    return least;
  }

  private void assertBytes(String what, long budget, Runnable call) {
    long bytes = perCall(call);
    System.out.println(what + ": " + bytes + " B");
    assertTrue(bytes <= budget, what + " takes " + bytes + " B, budget " + budget);
  }

  private void serve() {
    ServerSpan span = ServerSpan.start(request, headers, "GET");
    span.target("/orders/42", "page=1");
    span.origin(request, headers, "http", "10.0.0.1", 40_000);
    span.route("/orders/{id}", 2);
    span.httpVersion(HttpVersion.of("HTTP/1.1"));
    span.status(200);
    span.exit();
    span.end();
  }

  private void query() {
    DatabaseSpan span = DatabaseSpan.start(database, query);
    span.enter();
    span.leave();
    span.end();
  }

  private void call() {
    ClientSpan span = ClientSpan.start("GET");
    span.address("http", "stock.example", 8080);
    span.url("http://stock.example:8080/items/7");
    span.inject(sent, sink);
    span.enter();
    span.status(200);
    span.httpVersion("1.1");
    span.leave();
    span.end();
  }

  private void serveWithCalls() {
    ServerSpan span = ServerSpan.start(request, headers, "GET");
    for (int i = 0; i < 5; i++) {
      call();
    }
    span.exit();
    span.end();
  }

  private void callWithoutHeader() {
    ClientSpan span = ClientSpan.start("GET");
    span.address("http", "stock.example", 8080);
    span.url("http://stock.example:8080/items/7");
    span.status(200);
    span.end();
  }

  private void send() {
    MessagingSpan span = MessagingSpan.send("kafka", "send", "orders");
    span.set(Names.MESSAGING_CLIENT_ID, "producer-1");
    span.set(Names.MESSAGING_DESTINATION_PARTITION_ID, "0");
    span.set(Names.MESSAGING_KAFKA_OFFSET, 42);
    span.inject(sent, sink);
    span.enter();
    span.leave();
    span.end();
  }

  private void turn() {
    MessagingSpan span = MessagingSpan.turn("kafka", "process", "orders", request, headers, this);
    span.set(Names.MESSAGING_CLIENT_ID, "consumer-1");
    span.group("shop");
    span.set(Names.MESSAGING_DESTINATION_PARTITION_ID, "0");
    span.set(Names.MESSAGING_KAFKA_OFFSET, 42);
    span.endTurn();
  }

  @Test
  void recorded() {
    record(Sampler.on(true));
    assertBytes("server span", 220, this::serve);
    assertBytes("database span", 104, this::query);
    assertBytes("client span", 264, this::call);
    assertBytes("send span", 300, this::send);
    assertBytes("process span", 300, this::turn);
  }

  @Test
  void recordedWhileProfilesAreMade() {
    record(Sampler.on(true));
    Timeline.start();
    Costs.start(
        new Costs.Counters() {
          @Override
          public long cpuNanos() {
            return 1;
          }

          @Override
          public long bytes() {
            return 1;
          }
        },
        true);
    try {
      assertBytes("profiled server span", 280, this::serve);
      assertBytes("profiled database span", 170, this::query);
    } finally {
      Costs.stop();
      Timeline.stop();
    }
  }

  @Test
  void notSampledHere() {
    record(Sampler.off(false));
    assertBytes("unsampled server span", 104, this::serve);
    assertBytes("unsampled database span", 104, this::query);
    assertBytes("unsampled process span", 120, this::turn);
    assertBytes("unsampled client span", 96, this::callWithoutHeader);
    // The header is a text of 55 characters, which HTTP clients take as a string.
    assertBytes("unsampled client span with its header", 96 + 96, this::call);
    assertBytes("unsampled request with five calls", 104 + 5 * 96 + 96, this::serveWithCalls);
  }

  @Test
  void notSampledByTheCaller() {
    notSampledByCaller();
    assertBytes("unsampled server span of a caller", 104, this::serve);
    // The caller's own text goes on.
    assertBytes(
        "unsampled request of a caller with five calls", 104 + 5 * 96, this::serveWithCalls);
  }

  /** What is kept for exemplars costs what is recorded costs, and where it is kept. */
  @Test
  void notSampledButKept() {
    record(Sampler.off(false));
    Keeping.start();
    try {
      assertBytes("kept server span", 332, this::serve);
      assertBytes("kept database span", 230, this::query);
      Runnable both =
          () -> {
            ServerSpan served = ServerSpan.start(request, headers, "GET");
            query();
            served.exit();
            served.end();
          };
      assertBytes("kept server and database span", 360, both);
    } finally {
      Keeping.stop();
    }
  }

  /** Series that exist, and those beyond the bound: both sides of the table. */
  @Test
  void red_allocatesNothing() {
    recording = Recording.all();
    Red red = new Red(1000);
    ServerSpan span = Recording.server();
    span.exit();
    span.end();
    String[] routes = new String[1100];
    for (int i = 0; i < routes.length; i++) {
      routes[i] = "/route/" + i;
    }
    Runnable all =
        () -> {
          for (String route : routes) {
            red.server("GET", route, "http", null, 200, null, null, false).record(span, 1000, true);
          }
        };
    all.run();
    long before = THREADS.getThreadAllocatedBytes(thread.getId());
    for (int i = 0; i < 50; i++) {
      all.run();
    }
    long bytes = THREADS.getThreadAllocatedBytes(thread.getId()) - before;
    assertEquals(0, bytes / (50L * routes.length), bytes + " B in all");
  }

  @Test
  void off_allocatesNothing() {
    recording = Recording.all();
    Tracing.stop();
    assertBytes(
        "off",
        0,
        () -> {
          ServerSpan.start(request, headers, "GET");
          ClientSpan.start("GET");
          DatabaseSpan.start(database, query);
          MessagingSpan.send("kafka", "send", "orders");
        });
  }
}
