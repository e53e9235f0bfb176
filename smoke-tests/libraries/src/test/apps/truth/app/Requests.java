package app;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.servlet.AsyncContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Requests {@code /kind/number}: each kind takes another way through the threads. */
public final class Requests extends HttpServlet {
  private static final long serialVersionUID = 1;

  private static final ExecutorService POOL = Executors.newFixedThreadPool(3);
  private static final ExecutorService VIRTUAL = virtual();
  private static final ThreadLocal<Connection> CONNECTION =
      ThreadLocal.withInitial(Requests::connect);

  private final transient Runnable stop;

  Requests(Runnable stop) {
    this.stop = stop;
  }

  /** A thread for each task, a virtual one where the JVM has them. */
  private static ExecutorService virtual() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      return POOL;
    }
  }

  private static Connection connect() {
    try {
      return DriverManager.getConnection("jdbc:h2:mem:truth");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int number = Integer.parseInt(request.getPathInfo().substring(1), 16);
    Digits.spell(number, Marks::own);
    switch (request.getServletPath().substring(1)) {
      case "nested":
        nested(number);
        break;
      case "pool":
        pool(number);
        break;
      case "futures":
        futures(number, POOL);
        break;
      case "virtual":
        futures(number, VIRTUAL);
        break;
      case "reactor":
        reactor(number, request.startAsync());
        return;
      case "async":
        async(number, request.startAsync());
        return;
      case "client":
        client(number, request.getServerPort());
        break;
      case "stop":
        stop.run();
        break;
      default:
        break;
    }
    response.getOutputStream().write('!');
  }

  /** Queries, whose spans are below the request's. */
  private static void nested(int number) {
    Digits.spell(number, () -> Marks.around(() -> ask("CALL BURN_A(?)", number)));
    Digits.spell(number, Marks::locked);
    Digits.spell(number, () -> Marks.around(() -> ask("CALL BURN_B(?)", number | 0x2000)));
  }

  private static void ask(String query, int number) {
    try (PreparedStatement statement = CONNECTION.get().prepareStatement(query)) {
      statement.setInt(1, number);
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs inside the database, and so inside the query's span. */
  public static int burn(int number) {
    Digits.spell(number, Marks::query);
    return number;
  }

  private static void pool(int number) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    POOL.execute(
        () -> {
          Digits.spell(number, Marks::locked);
          nested(number);
          done.complete(null);
        });
    Digits.spell(number, Marks::own);
    done.join();
  }

  private static void futures(int number, ExecutorService threads) {
    CompletableFuture<Void> one =
        CompletableFuture.runAsync(() -> Digits.spell(number, Marks::own), threads)
            .thenRunAsync(() -> Digits.spell(number, Marks::own), POOL);
    CompletableFuture<Void> other = new CompletableFuture<>();
    threads.execute(
        () -> {
          Digits.spell(number, Marks::own);
          other.complete(null);
        });
    one.thenCombine(other, (a, b) -> null).join();
  }

  private static void reactor(int number, AsyncContext async) {
    Mono.fromRunnable(() -> Digits.spell(number, Marks::own))
        .subscribeOn(Schedulers.parallel())
        .thenMany(Flux.range(0, 3))
        .publishOn(Schedulers.boundedElastic())
        .flatMap(
            i ->
                Mono.fromRunnable(() -> Digits.spell(number, Marks::own))
                    .subscribeOn(Schedulers.parallel()))
        .publishOn(Schedulers.parallel())
        .doOnTerminate(() -> Digits.spell(number, Marks::locked))
        .subscribe(null, error -> async.complete(), async::complete);
  }

  private static void async(int number, AsyncContext async) {
    POOL.execute(
        () -> {
          Digits.spell(number, Marks::own);
          async.start(
              () -> {
                Digits.spell(number, Marks::own);
                async.complete();
              });
        });
  }

  /** The request that this one makes has the next number, with the highest bit. */
  private static void client(int number, int port) {
    Digits.spell(number, () -> Marks.around(() -> call(number, port)));
    Digits.spell(number, Marks::own);
  }

  private static void call(int number, int port) {
    try {
      URL url =
          new URL(String.format("http://localhost:%d/called/%04x", port, number | 0x8000));
      HttpURLConnection connection = (HttpURLConnection) url.openConnection();
      try (InputStream in = connection.getInputStream()) {
        while (in.read() >= 0) {
          // to the end
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
