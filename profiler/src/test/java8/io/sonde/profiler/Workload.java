package io.sonde.profiler;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.sonde.core.DatabaseSpan;
import io.sonde.core.Propagation;
import io.sonde.core.Sampler;
import io.sonde.core.ServerSpan;
import io.sonde.core.Span;
import io.sonde.core.SpanQueue;
import io.sonde.core.Tracing;
import io.sonde.core.database.Database;
import io.sonde.profiler.pprof.Profile;
import io.sonde.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A program whose spans each run a marker method of their own kind, profiled in its own JVM: what
 * the profiler says of a sample's span can be compared with what stands in the sample's stack.
 *
 * <p>Writes each window's profiles, which marker belongs to which span, what the JVM counted
 * meanwhile, and when Flight Recorder was seen to end a window, to a folder.
 */
public final class Workload {
  private static final Database DATABASE = new Database("h2", "shop", null, 0);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final Queue<String> TRUTH = new ConcurrentLinkedQueue<>();
  private static final Object LOCK = new Object();

  @SuppressWarnings("UnusedVariable") // what is stored is allocated
  private static volatile Object sink;

  private static volatile boolean stopping;
  private static int spins;

  private Workload() {}

  /** Folder, and how many windows after the first one. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Paths.get(arguments[0]);
    CountDownLatch windows = new CountDownLatch(Integer.parseInt(arguments[1]) + 1);
    Queue<String> counters = new ConcurrentLinkedQueue<>();
    List<String> ends = new ArrayList<>();
    Tracing.start(Sampler.on(true), Propagation.of("tracecontext"), new SpanQueue(1024, 512));
    Settings settings = new Settings(System::getProperty, name -> null);
    Thread profiler =
        Profiler.thread(
            new Plan(settings, false, false),
            (start, end, profiles) -> {
              if (windows.getCount() > 0) {
                write(folder, windows.getCount(), start, end, profiles);
                windows.countDown();
              }
            },
            line -> System.out.println("said: " + line));
    profiler.start();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    Thread platform = new Thread(() -> platform(pool), "platform");
    Thread virtual = new Thread(Workload::virtual, "spawns");
    platform.start();
    virtual.start();
    long looked = System.currentTimeMillis();
    do {
      long now = System.currentTimeMillis();
      if (ends(profiler)) {
        ends.add(String.valueOf(looked)); // it may have begun right then
      }
      looked = now;
      counters.add(counted());
    } while (!windows.await(50, TimeUnit.MILLISECONDS));
    counters.add(counted()); // after the end of the last window
    stopping = true;
    platform.join();
    virtual.join();
    pool.shutdown();
    Files.write(folder.resolve("truth"), TRUTH);
    Files.write(folder.resolve("counters"), counters);
    Files.write(folder.resolve("ends"), ends);
  }

  /** Whether Flight Recorder ends a window just now, for it may take long to. */
  private static boolean ends(Thread profiler) {
    for (StackTraceElement frame : profiler.getStackTrace()) {
      if (frame.getClassName().equals("io.sonde.profiler.jfr.Recordings")
          && frame.getMethodName().equals("rotate")) {
        return true;
      }
    }
    return false;
  }

  private static String counted() throws Exception {
    return System.currentTimeMillis()
        + " "
        + SYSTEM.getProcessCpuTime()
        + " "
        + allocated()
        + " "
        + nanosOfThreads()
        + " "
        + System.currentTimeMillis();
  }

  /** Of those that run Java code. */
  private static long nanosOfThreads() {
    long sum = 0;
    for (long id : THREADS.getAllThreadIds()) {
      sum += Math.max(0, THREADS.getThreadCpuTime(id));
    }
    return sum;
  }

  private static void write(
      Path folder, long number, long start, long end, List<Profile> profiles) {
    try {
      for (Profile profile : profiles) {
        Files.write(
            folder.resolve(number + "-" + profile.type() + ".pprof"),
            profile.encode(start, end - start));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of all threads, or where the JVM cannot say, of those that live: here they all do. */
  private static long allocated() throws Exception {
    try {
      return (long) ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes").invoke(THREADS);
    } catch (NoSuchMethodException e) {
      // before 21
    }
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  private static void platform(ExecutorService pool) {
    while (!stopping) {
      ServerSpan server = ServerSpan.start("", (carrier, name) -> null, "GET");
      server.route("/orders/{id}", 2);
      truth(server, "markServer");
      markServer(server, pool);
      server.exit();
      server.end();
    }
  }

  private static void truth(Span span, String marker) {
    TRUTH.add(String.format("%016x %s", span.id(), marker));
  }

  private static void markServer(ServerSpan server, ExecutorService pool) {
    burn(300);
    for (int i = 0; i < 4; i++) {
      DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
      truth(query, "markShort");
      query.enter();
      markShort();
      query.leave();
      query.end();
    }
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> taskOfPool(server), pool);
    allocate(40);
    synchronized (LOCK) {
      burn(200);
    }
    other.join();
  }

  /** Named so that TruthTest keeps it apart from the other task in compiled code. */
  private static void taskOfPool(ServerSpan server) {
    server.enter();
    DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
    truth(query, "markHop");
    query.enter();
    markHop();
    query.leave();
    query.end();
    server.leave();
  }

  private static void markShort() {
    burn(50);
  }

  private static void markHop() {
    burn(1000);
    allocate(20);
    synchronized (LOCK) {
      sink = new byte[100];
    }
  }

  /** A virtual thread for each span, where the JVM has them. */
  private static void virtual() {
    ExecutorService threads = threads();
    while (!stopping) {
      CompletableFuture<?>[] some = new CompletableFuture<?>[4];
      for (int i = 0; i < some.length; i++) {
        some[i] = CompletableFuture.runAsync(Workload::taskOfItsOwn, threads);
      }
      CompletableFuture.allOf(some).join();
    }
    threads.shutdown();
  }

  private static void taskOfItsOwn() {
    ServerSpan span = ServerSpan.start("", (carrier, name) -> null, "GET");
    truth(span, "markVirtual");
    markVirtual();
    span.exit();
    span.end();
  }

  private static void markVirtual() {
    burn(500);
    allocate(10);
    try {
      TimeUnit.MICROSECONDS.sleep(200);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    burn(500);
  }

  private static ExecutorService threads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      return Executors.newFixedThreadPool(4);
    }
  }

  private static void burn(long micros) {
    long end = System.nanoTime() + micros * 1000;
    while (System.nanoTime() < end) {
      for (int i = 0; i < 300; i++) {
        spins = spins * 31 + i; // a sampler cannot look into the clock's own code
      }
    }
  }

  private static void allocate(int count) {
    for (int i = 0; i < count; i++) {
      sink = new byte[8000];
    }
  }
}
