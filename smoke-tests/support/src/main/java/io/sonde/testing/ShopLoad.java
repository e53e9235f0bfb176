package io.sonde.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A bounded load on the sample shop: the same mix of requests, in the same order, every time.
 *
 * <p>As a program: {@code ShopLoad PORT [--seconds=20] [--rate=40]}.
 */
public final class ShopLoad {
  private final int port;
  private final int connections;
  private final AtomicLong number = new AtomicLong();

  /** A load on the shop at this port by as many threads as connections. */
  public ShopLoad(int port, int connections) {
    this.port = port;
    this.connections = connections;
  }

  /** A kind of request: its span's name in the shop, and the status that it should have. */
  public enum Kind {
    PRODUCT("GET /products/{id}", 200),
    NO_PRODUCT("GET /products/{id}", 404),
    PRODUCTS("GET /products", 200),
    PRICE_LIST("GET /products/{id}/price-list", 500),
    ORDER("POST /orders", 201),
    SOLD_OUT("POST /orders", 409);

    public final String operation;
    public final int status;

    Kind(String operation, int status) {
      this.operation = operation;
      this.status = status;
    }

    /** Of the request with this number. */
    static Kind of(long number) {
      if (number % 60 == 31) {
        return PRICE_LIST;
      }
      if (number % 60 == 41) {
        return SOLD_OUT;
      }
      return switch ((int) (number % 10)) {
        case 0, 5 -> ORDER;
        case 3 -> PRODUCTS;
        case 7 -> NO_PRODUCT;
        default -> PRODUCT;
      };
    }
  }

  /**
   * What came of a run; latencies are sorted, in nanoseconds. As expected were as many of each kind
   * as are in {@code answered}.
   */
  public record Result(
      long requests,
      long unexpected,
      long wallNanos,
      List<Long> latencies,
      Map<Kind, Long> answered) {
    /** The latency at this quantile, in nanoseconds. */
    public long quantile(double q) {
      int last = latencies.size() - 1;
      return last < 0 ? 0 : latencies.get((int) Math.min(last, Math.round(q * last)));
    }
  }

  /** Sends this many requests, so many a second, or as fast as they are answered if rate is 0. */
  public Result run(int requests, int rate) throws InterruptedException {
    AtomicInteger tickets = new AtomicInteger();
    long[] latencies = new long[requests];
    AtomicLong unexpected = new AtomicLong();
    Map<Kind, Long> answered = new ConcurrentHashMap<>();
    long begin = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      Thread thread =
          new Thread(
              () -> {
                try (HttpConnection http = new HttpConnection(port)) {
                  for (int t = tickets.getAndIncrement();
                      t < requests;
                      t = tickets.getAndIncrement()) {
                    long due = rate == 0 ? System.nanoTime() : begin + t * 1_000_000_000L / rate;
                    waitUntil(due);
                    long next = number.getAndIncrement();
                    Kind kind = Kind.of(next);
                    if (send(http, kind, next) == kind.status) {
                      answered.merge(kind, 1L, Long::sum);
                    } else {
                      unexpected.incrementAndGet();
                    }
                    latencies[t] = System.nanoTime() - due;
                  }
                } catch (IOException e) {
                  unexpected.incrementAndGet();
                }
              },
              "shop-load-" + i);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    List<Long> sorted =
        Arrays.stream(latencies).filter(latency -> latency > 0).sorted().boxed().toList();
    return new Result(sorted.size(), unexpected.get(), System.nanoTime() - begin, sorted, answered);
  }

  private static void waitUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Sends one and returns its status. */
  private static int send(HttpConnection http, Kind kind, long number) throws IOException {
    long product = 1 + number % 4;
    return switch (kind) {
      case PRODUCT -> http.get("/products/" + product);
      case NO_PRODUCT -> http.get("/products/" + (1_000 + number % 5));
      case PRODUCTS -> http.get("/products");
      case PRICE_LIST -> http.get("/products/" + product + "/price-list");
      case ORDER -> order(http, product, 1 + (int) (number % 3));
      case SOLD_OUT -> order(http, 5, 1);
    };
  }

  private static int order(HttpConnection http, long product, int quantity) throws IOException {
    return http.post("/orders", "{\"productId\":" + product + ",\"quantity\":" + quantity + "}");
  }

  public static void main(String[] args) throws InterruptedException {
    int port = Integer.parseInt(args[0]);
    int seconds = 20;
    int rate = 40;
    for (String arg : args) {
      if (arg.startsWith("--seconds=")) {
        seconds = Integer.parseInt(arg.substring(10));
      } else if (arg.startsWith("--rate=")) {
        rate = Integer.parseInt(arg.substring(7));
      }
    }
    Result result = new ShopLoad(port, 2).run(seconds * rate, rate);
    System.out.printf(
        Locale.ROOT,
        "%d requests in %.0f s, %s%n",
        result.requests(),
        result.wallNanos() / 1e9,
        result.unexpected() == 0
            ? "each answered as it should be"
            : result.unexpected() + " not answered as they should be");
    System.exit(result.unexpected() == 0 ? 0 : 1);
  }
}
