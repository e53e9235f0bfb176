package io.sonde.apps;

import static io.sonde.apps.Contexts.await;
import static io.sonde.apps.Contexts.check;
import static io.sonde.apps.Contexts.in;
import static io.sonde.apps.Contexts.out;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Thread pools, scheduled pools and ForkJoinPool. */
final class Pools {
  private static final Watched POOL = new Watched(2);
  private static final ScheduledThreadPoolExecutor SCHEDULED = new ScheduledThreadPoolExecutor(1);
  private static final ForkJoinPool FORK_JOIN = new ForkJoinPool(3);

  private static final CountDownLatch HOLD = new CountDownLatch(1);

  /** One object that waits for two requests: each run belongs to one of them. */
  private static final Runnable SHARED = new Ranked(0, Pools::shared);

  private static final CountDownLatch TICKED = new CountDownLatch(3);
  private static final ThreadPoolExecutor HELD = pool(1, 100);
  private static ScheduledFuture<?> ticking;

  private Pools() {}

  private static ThreadPoolExecutor pool(int threads, int queue) {
    return new ThreadPoolExecutor(
        threads, threads, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queue));
  }

  static void addTo(Contexts contexts) {
    contexts.add("pool", Pools::threadPool);
    contexts.add("visible", Pools::visible);
    contexts.add("priority", Pools::priority);
    contexts.add("rejected", Pools::rejected);
    contexts.add("scheduled", Pools::scheduled);
    contexts.add("forkJoin", Pools::forkJoin);
    contexts.add("streams", Pools::streams);
    contexts.add("holding", () -> HELD.execute(Pools::hold));
    contexts.add("one", () -> HELD.execute(SHARED));
    contexts.add("two", () -> HELD.execute(SHARED));
    contexts.add("leaks", Pools::leaves);
  }

  static void after() throws Exception {
    POOL.submit(() -> out("after.pool")).get();
    SCHEDULED.submit(() -> out("after.scheduled")).get();
    FORK_JOIN.submit(() -> out("after.forkJoin")).get();
    IntStream.range(0, 8).parallel().forEach(i -> out("after.streams"));
    await(TICKED);
    ticking.cancel(false);
    HOLD.countDown();
    HELD.submit(() -> out("after.held")).get();
  }

  private static void threadPool() throws Exception {
    POOL.submit(() -> in("pool.submit")).get();
    CountDownLatch ran = new CountDownLatch(1);
    POOL.execute(
        () -> {
          in("pool.execute");
          ran.countDown();
        });
    await(ran);
    List<Callable<Integer>> two =
        Arrays.asList(() -> inside("pool.invokeAll"), () -> inside("pool.invokeAll"));
    POOL.invokeAll(two);
    ExecutorCompletionService<Integer> completion = new ExecutorCompletionService<>(POOL);
    completion.submit(() -> inside("pool.completion"));
    completion.take().get();
    POOL.submit(
            () -> {
              Future<?> inner = POOL.submit(() -> in("pool.inner"));
              return inner.get();
            })
        .get();
  }

  private static int inside(String label) {
    in(label);
    return 1;
  }

  /** What the application sees of its tasks is its own objects. */
  private static void visible() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    ThreadPoolExecutor pool = pool(1, 10);
    pool.execute(() -> awaitQuietly(hold));
    Runnable own = () -> in("visible.removed");
    pool.execute(own);
    check(pool.getQueue().peek() == own, "queue holds the task itself");
    check(pool.remove(own) && pool.getQueue().isEmpty(), "the task can be removed");
    Future<?> cancelled = pool.submit(() -> in("visible.cancelled"));
    cancelled.cancel(false);
    pool.purge();
    check(pool.getQueue().isEmpty(), "a cancelled task can be purged");
    pool.execute(own);
    check(pool.shutdownNow().get(0) == own, "shutdownNow returns the task itself");
    hold.countDown();
    Watched watched = new Watched(1);
    Runnable another = () -> in("visible.ran");
    watched.execute(another);
    watched.submit(() -> {}).get();
    check(watched.seen.get(0) == another, "afterExecute sees the task itself");
    watched.shutdown();
  }

  private static void priority() throws Exception {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new PriorityBlockingQueue<>());
    CountDownLatch hold = new CountDownLatch(1);
    CountDownLatch ran = new CountDownLatch(2);
    pool.execute(new Ranked(0, () -> awaitQuietly(hold)));
    pool.execute(new Ranked(2, ran::countDown));
    pool.execute(
        new Ranked(
            1,
            () -> {
              check(ran.getCount() == 2, "the more urgent task runs first");
              in("priority.first");
              ran.countDown();
            }));
    hold.countDown();
    await(ran);
    pool.shutdown();
  }

  private static void rejected() throws Exception {
    CountDownLatch hold = new CountDownLatch(1);
    ThreadPoolExecutor full = pool(1, 1);
    full.execute(() -> awaitQuietly(hold));
    full.execute(() -> {});
    Runnable task = () -> in("rejected.later");
    try {
      full.execute(task);
      check(false, "a full pool rejects");
    } catch (RejectedExecutionException e) {
      check(true, "a full pool rejects");
    }
    full.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    full.execute(task);
    full.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
    full.execute(() -> in("rejected.caller"));
    full.setRejectedExecutionHandler((again, pool) -> put(pool, again, hold));
    full.execute(task);
    hold.countDown();
    full.submit(() -> {}).get();
    full.shutdown();
  }

  /** A handler as people write it: waits for room and puts the task into the queue itself. */
  private static void put(ThreadPoolExecutor pool, Runnable task, CountDownLatch hold) {
    hold.countDown();
    try {
      pool.getQueue().put(task);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void scheduled() throws Exception {
    SCHEDULED.schedule(() -> in("scheduled.once"), 5, TimeUnit.MILLISECONDS).get();
    SCHEDULED.schedule(() -> inside("scheduled.callable"), 5, TimeUnit.MILLISECONDS).get();
    SCHEDULED.submit(() -> in("scheduled.submit")).get();
    ticking =
        SCHEDULED.scheduleAtFixedRate(
            () -> {
              if (TICKED.getCount() > 0) {
                out("scheduled.periodic");
                TICKED.countDown();
              }
            },
            1,
            20,
            TimeUnit.MILLISECONDS);
    ScheduledFuture<?> never = SCHEDULED.schedule(() -> in("scheduled.never"), 1, TimeUnit.HOURS);
    check(never.cancel(false), "what is scheduled can be cancelled");
  }

  private static void forkJoin() throws Exception {
    FORK_JOIN.submit(() -> in("forkJoin.submit")).get();
    FORK_JOIN.submit(() -> inside("forkJoin.callable")).get();
    CountDownLatch ran = new CountDownLatch(1);
    FORK_JOIN.execute(
        () -> {
          in("forkJoin.execute");
          ran.countDown();
        });
    await(ran);
    FORK_JOIN.invoke(new Halves("forkJoin.invoke", 8));
    FORK_JOIN.invokeAll(Arrays.asList(() -> inside("forkJoin.all"), () -> inside("forkJoin.all")));
    new Halves("forkJoin.inline", 8).invoke();
    new Halves("forkJoin.fork", 8).fork().join();
    ForkJoinTask.adapt(() -> in("forkJoin.adapt")).fork().join();
    ForkJoinPool.commonPool().submit(() -> in("forkJoin.common")).get();
    ForkJoinPool async =
        new ForkJoinPool(1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true);
    async.submit(() -> in("forkJoin.async")).get();
    if (ForkJoinPool.commonPool() instanceof ScheduledExecutorService) {
      ScheduledExecutorService later = (ScheduledExecutorService) ForkJoinPool.commonPool();
      later.schedule(() -> in("forkJoin.schedule"), 5, TimeUnit.MILLISECONDS).get();
      CountDownLatch ticked = new CountDownLatch(2);
      ScheduledFuture<?> periodic =
          later.scheduleWithFixedDelay(
              () -> {
                if (ticked.getCount() > 0) {
                  out("forkJoin.periodic");
                  ticked.countDown();
                }
              },
              1,
              1,
              TimeUnit.MILLISECONDS);
      await(ticked);
      periodic.cancel(false);
    }
  }

  private static void streams() {
    IntStream.range(0, 8).parallel().forEach(i -> in("streams.forEach"));
    int sum = Arrays.asList(1, 2, 3, 4).parallelStream().mapToInt(i -> inside("streams.sum")).sum();
    check(sum == 4, "a parallel stream computes");
  }

  private static void hold() {
    in("holding.ran");
    awaitQuietly(HOLD);
  }

  private static void shared() {
    Contexts.each("shared", "one", "two");
  }

  /** A task that fails must not leave its request on the worker. */
  private static void leaves() throws Exception {
    ThreadPoolExecutor pool = pool(1, 10);
    pool.execute(
        () -> {
          in("leaks.fails");
          throw new Expected();
        });
    pool.submit(() -> {}).get();
    pool.shutdown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      await(latch);
    } catch (InterruptedException e) {
      // Asked to stop.
    }
  }

  /** Thrown by a task; says nothing on stderr. */
  private static final class Expected extends RuntimeException {
    private static final long serialVersionUID = 1;

    Expected() {
      super("a task's own", null, false, false);
    }
  }

  private static final class Watched extends ThreadPoolExecutor {
    final List<Runnable> seen = new CopyOnWriteArrayList<>();

    Watched(int threads) {
      super(threads, threads, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    }

    @Override
    protected void afterExecute(Runnable task, Throwable thrown) {
      seen.add(task);
    }
  }

  private static final class Ranked implements Runnable, Comparable<Ranked> {
    private final int rank;
    private final Runnable task;

    Ranked(int rank, Runnable task) {
      this.rank = rank;
      this.task = task;
    }

    @Override
    public void run() {
      task.run();
    }

    @Override
    public int compareTo(Ranked other) {
      return Integer.compare(rank, other.rank);
    }
  }

  private static final class Halves extends RecursiveAction {
    private static final long serialVersionUID = 1;
    private final String label;
    private final int size;

    Halves(String label, int size) {
      this.label = label;
      this.size = size;
    }

    @Override
    protected void compute() {
      if (size == 1) {
        in(label);
      } else {
        invokeAll(new Halves(label, size / 2), new Halves(label, size / 2));
      }
    }
  }
}
