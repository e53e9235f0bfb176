package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;
import org.apache.tomcat.util.threads.TaskQueue;
import org.apache.tomcat.util.threads.TaskThreadFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** Pools of connections and of threads in a state that stays, until /drop lets go of one. */
public final class PoolMetricsMain {
  private static final String URL = "jdbc:h2:mem:shop";
  private static final long LONG = 60;
  private static final CountDownLatch NEVER = new CountDownLatch(1);
  private static final List<Object> HELD = Collections.synchronizedList(new ArrayList<>());
  private static ExecutorService dropped;

  private PoolMetricsMain() {}

  public static void main(String[] args) throws Exception {
    FutureTask<?> slow = new FutureTask<>(PoolMetricsMain::hikari, null);
    new Thread(slow, "hikari").start();
    connections();
    threads();
    waits();
    shut();
    servers();
    slow.get();
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    server.createContext("/drop", PoolMetricsMain::drop);
    server.start();
    System.out.println("READY " + server.getAddress().getPort());
  }

  /** Its time is for a connection that it makes, too: enough of it, and beside all else. */
  private static void hikari() {
    HikariConfig hikari = new HikariConfig();
    hikari.setJdbcUrl(URL);
    hikari.setPoolName("orders-1");
    hikari.setMaximumPoolSize(2);
    hikari.setMinimumIdle(1);
    hikari.setConnectionTimeout(4_000);
    try {
      use(new HikariDataSource(hikari));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void connections() throws SQLException {
    BasicDataSource dbcp = new BasicDataSource();
    dbcp.setUrl(URL);
    dbcp.setDriverClassName("org.h2.Driver");
    dbcp.setMaxTotal(2);
    dbcp.setMaxIdle(2);
    dbcp.setMaxWaitMillis(200);
    use(dbcp);
    hold(dbcp);
    PoolProperties tomcat = new PoolProperties();
    tomcat.setUrl(URL);
    tomcat.setName("tomcat");
    tomcat.setDriverClassName("org.h2.Driver");
    tomcat.setMaxActive(2);
    tomcat.setMaxIdle(2);
    tomcat.setMinIdle(0);
    tomcat.setInitialSize(0);
    tomcat.setMaxWait(200);
    use(new org.apache.tomcat.jdbc.pool.DataSource(tomcat));
  }

  /** As DBCP does itself while it connects to a database that is away. */
  private static void hold(Object monitor) {
    Thread holder =
        new Thread(
            () -> {
              synchronized (monitor) {
                block();
              }
            });
    holder.setDaemon(true);
    holder.start();
  }

  /** Two are borrowed, a third one is not to be had, one comes back. */
  private static void use(DataSource pool) throws SQLException {
    Connection first = pool.getConnection();
    Connection second = pool.getConnection();
    try {
      pool.getConnection();
      throw new IllegalStateException("a third connection of two");
    } catch (SQLException expected) {
      second.close();
    }
    HELD.add(pool);
    HELD.add(first);
  }

  private static void threads() throws Exception {
    ThreadPoolExecutor full =
        new ThreadPoolExecutor(
            2, 2, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(1), named("worker-orders-"));
    for (int i = 0; i < 3; i++) {
      full.execute(PoolMetricsMain::block);
    }
    try {
      full.execute(PoolMetricsMain::block);
      throw new IllegalStateException("a fourth task");
    } catch (RejectedExecutionException expected) {
      HELD.add(full);
    }
    ExecutorService hashed = Executors.newFixedThreadPool(1, named("Scheduler-5bf8fa12-"));
    hashed.execute(PoolMetricsMain::block);
    HELD.add(hashed);
    for (int i = 0; i < 2; i++) {
      ExecutorService unnamed = Executors.newFixedThreadPool(3);
      unnamed.execute(PoolMetricsMain::block);
      HELD.add(unnamed);
    }
    dropped = Executors.newSingleThreadExecutor(named("dropped-"));
    dropped.submit(() -> {}).get();
    ForkJoinPool pool = new ForkJoinPool(2);
    pool.submit(() -> {}).get();
    HELD.add(pool);
  }

  /** One task of each holds up the next for a while; of the others none ever runs. */
  private static void waits() throws Exception {
    ThreadPoolExecutor one =
        new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), named("waiting-"));
    hold(one, one);
    Runnable removed = () -> {};
    CountDownLatch gate = new CountDownLatch(1);
    one.execute(() -> await(gate));
    one.execute(removed);
    if (!one.remove(removed)) {
      throw new IllegalStateException("not in the queue");
    }
    gate.countDown();
    ScheduledExecutorService later =
        Executors.newSingleThreadScheduledExecutor(named("scheduling-"));
    CountDownLatch busy = new CountDownLatch(1);
    later.schedule(() -> await(busy), 0, TimeUnit.SECONDS);
    Future<?> late = later.schedule(() -> {}, 1, TimeUnit.MILLISECONDS);
    Thread.sleep(LONG + 1);
    busy.countDown();
    late.get();
    HELD.add(later);
    ForkJoinPool forks = forks("forks");
    hold(forks, forks);
    forks.invoke(new Forking(8));
  }

  private static ForkJoinPool forks(String name) {
    return new ForkJoinPool(
        1,
        pool -> {
          ForkJoinWorkerThread thread =
              ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
          thread.setName(name + "-1");
          return thread;
        },
        null,
        false);
  }

  /** Pools that are shut down take nothing more, by whatever way it comes. */
  private static void shut() throws Exception {
    ForkJoinPool pool = forks("shut");
    pool.submit(() -> {}).get();
    pool.shutdown();
    refused(pool);
    refused(task -> pool.submit(task));
    refused(task -> pool.invoke(ForkJoinTask.adapt(task)));
    HELD.add(pool);
    ForkJoinPool delayed = forks("delayed");
    if (delayed instanceof ScheduledExecutorService) {
      ScheduledExecutorService later = (ScheduledExecutorService) delayed;
      hold(task -> later.schedule(task, 0, TimeUnit.SECONDS), delayed);
      delayed.shutdown();
      refused(task -> later.schedule(task, 0, TimeUnit.SECONDS));
    }
  }

  private static void hold(Executor pool, Object held) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    pool.execute(
        () -> {
          begun.countDown();
          await(busy);
        });
    await(begun);
    FutureTask<Object> waits = new FutureTask<>(() -> {}, null);
    pool.execute(waits);
    Thread.sleep(LONG);
    busy.countDown();
    waits.get();
    HELD.add(held);
  }

  /** One that runs for ever, one that waits for it and one more than there is room for. */
  private static void overflow(Executor pool) {
    forEver(pool);
    pool.execute(PoolMetricsMain::block);
    refused(pool);
  }

  private static void forEver(Executor pool) {
    CountDownLatch begun = new CountDownLatch(1);
    pool.execute(
        () -> {
          begun.countDown();
          block();
        });
    await(begun);
  }

  private static void refused(Executor pool) {
    try {
      pool.execute(PoolMetricsMain::block);
    } catch (RejectedExecutionException expected) {
      return;
    }
    throw new IllegalStateException(pool + " took it");
  }

  /** Up to 10.0 there is another way in, which is not below the first one. */
  private static void refusedInTime(org.apache.tomcat.util.threads.ThreadPoolExecutor pool)
      throws Exception {
    Runnable task = PoolMetricsMain::block;
    try {
      pool.getClass()
          .getMethod("execute", Runnable.class, long.class, TimeUnit.class)
          .invoke(pool, task, 1, TimeUnit.MILLISECONDS);
      throw new IllegalStateException(pool + " took it");
    } catch (NoSuchMethodException newer) {
      return;
    } catch (InvocationTargetException expected) {
      if (!(expected.getCause() instanceof RejectedExecutionException)) {
        throw expected;
      }
    }
  }

  /** No thread is to be had for a task, which is not the pool's answer to it. */
  private static void threadless() {
    AtomicInteger threads = new AtomicInteger();
    ThreadFactory one =
        task -> {
          if (threads.getAndIncrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          return new Thread(task, "tomcat-threadless-1");
        };
    org.apache.tomcat.util.threads.ThreadPoolExecutor pool =
        new org.apache.tomcat.util.threads.ThreadPoolExecutor(
            1, 2, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(1), one);
    forEver(pool);
    pool.execute(PoolMetricsMain::block);
    try {
      pool.execute(PoolMetricsMain::block);
      throw new IllegalStateException("a thread too many");
    } catch (OutOfMemoryError expected) {
      HELD.add(pool);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Forks as many as it is told, which nobody submits. */
  private static final class Forking extends RecursiveAction {
    private final int tasks;

    Forking(int tasks) {
      this.tasks = tasks;
    }

    @Override
    protected void compute() {
      List<Forking> forked = new ArrayList<>();
      for (int i = 0; i < tasks; i++) {
        Forking one = new Forking(0);
        one.fork();
        forked.add(one);
      }
      forked.forEach(Forking::join);
    }
  }

  private static void servers() throws Exception {
    org.apache.tomcat.util.threads.ThreadPoolExecutor tomcat =
        new org.apache.tomcat.util.threads.ThreadPoolExecutor(
            1, 4, 1, TimeUnit.MINUTES, new TaskQueue(), new TaskThreadFactory("catalina-exec-", true, 5));
    tomcat.execute(PoolMetricsMain::block);
    HELD.add(tomcat);
    QueuedThreadPool jetty = new QueuedThreadPool(5, 2);
    jetty.setName("jetty");
    jetty.setDaemon(true);
    jetty.start();
    jetty.execute(PoolMetricsMain::block);
    HELD.add(jetty);
    XnioWorker xnio = Xnio.getInstance().createWorker(OptionMap.EMPTY);
    xnio.execute(PoolMetricsMain::block);
    HELD.add(xnio);
    waitsOfServers();
  }

  private static void waitsOfServers() throws Exception {
    TaskQueue queue = new TaskQueue(1);
    org.apache.tomcat.util.threads.ThreadPoolExecutor tomcat =
        new org.apache.tomcat.util.threads.ThreadPoolExecutor(
            1, 1, 1, TimeUnit.MINUTES, queue, new TaskThreadFactory("tomcat-waits-", true, 5));
    queue.setParent(tomcat);
    hold(tomcat, tomcat);
    overflow(tomcat);
    refusedInTime(tomcat);
    threadless();
    // The newest wants a second thread for those in reserve.
    QueuedThreadPool jetty = new QueuedThreadPool(2, 2, 60_000, new ArrayBlockingQueue<>(1));
    jetty.setName("jetty-waits");
    jetty.setDaemon(true);
    jetty.start();
    forEver(jetty);
    hold(jetty, jetty);
    overflow(jetty);
    XnioWorker xnio =
        Xnio.getInstance()
            .createWorker(
                OptionMap.builder()
                    .set(Options.WORKER_NAME, "xnio-waits")
                    .set(Options.WORKER_TASK_CORE_THREADS, 1)
                    .set(Options.WORKER_TASK_MAX_THREADS, 1)
                    .getMap());
    hold(xnio, xnio);
    forEver(xnio);
    xnio.shutdown();
    refused(xnio);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static void block() {
    try {
      NEVER.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void drop(HttpExchange exchange) throws IOException {
    ExecutorService pool = dropped;
    dropped = null;
    if (pool != null) {
      pool.shutdownNow();
    }
    pool = null;
    System.gc();
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}
