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
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A program whose spans each run a marker method of their own kind, profiled in its own JVM: what
 * the profiler says of a sample's span can be compared with what stands in the sample's stack.
 *
 * <p>Writes each window's profiles, which marker belongs to which span, what the JVM and the
 * program itself counted meanwhile, and when Flight Recorder was seen to end a window, to a folder.
 */
public final class Workload {
  private static final Database DATABASE = new Database("h2", "shop", null, 0);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final Queue<Object[]> TRUTH = new ConcurrentLinkedQueue<>();
  private static final Object LOCK = new Object();
  private static final ExecutorService OWN_THREADS = threads();
  private static final boolean VIRTUAL = !(OWN_THREADS instanceof ThreadPoolExecutor);

  /** So small that the JVM makes none outside of a thread's buffer, with its header. */
  private static final int ARRAY = 816;

  private static final Kind SERVER = new Kind("markServer");
  private static final Kind SHORT = new Kind("markShort");
  private static final Kind HOP = new Kind("markHop");
  private static final Kind OWN_THREAD = new Kind("markVirtual");

  @SuppressWarnings("UnusedVariable") // what is stored is allocated
  private static volatile Object sink;

  private static volatile boolean stopping;
  private static int spins;

  // of the thread that counts
  private static final Map<Long, Long> COUNTED = new HashMap<>();
  private static long own;
  private static long carriers;

  /** What spans of one kind took, each without those below it. */
  private static final class Kind {
    final String marker;
    final LongAdder nanos = new LongAdder();
    final LongAdder bytes = new LongAdder();

    Kind(String marker) {
      this.marker = marker;
    }

    /** This thread, since its counter had that value. */
    long took(long began) {
      long took = THREADS.getCurrentThreadCpuTime() - began;
      nanos.add(took);
      return took;
    }

    @Override
    public String toString() {
      return nanos + " " + bytes;
    }
  }

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
    List<String> truth = new ArrayList<>();
    TRUTH.forEach(each -> truth.add(String.format("%016x %s", each)));
    Files.write(folder.resolve("truth"), truth);
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
    long began = System.currentTimeMillis();
    long process = SYSTEM.getProcessCpuTime();
    long bytes = allocated();
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null) {
        count(thread.getThreadId(), thread.getThreadName());
      }
    }
    if (VIRTUAL) {
      OWN_THREAD.nanos.reset(); // they have no counters, but carriers have
      OWN_THREAD.nanos.add(carriers);
    }
    return began
        + (" " + process + " " + bytes + " " + own)
        + (" " + SERVER + " " + SHORT + " " + HOP + " " + OWN_THREAD + " ")
        + System.currentTimeMillis();
  }

  /**
   * A thread of the program's: not the profiler's or Flight Recorder's, nor this one, which is
   * inside the JVM nearly always, where Flight Recorder does not see it.
   */
  private static void count(long id, String name) {
    boolean others = name.startsWith("sonde-") || name.startsWith("JFR ");
    if (others || id == Thread.currentThread().getId()) {
      return;
    }
    long now = Math.max(0, THREADS.getThreadCpuTime(id));
    long more = Math.max(0, now - COUNTED.getOrDefault(id, 0L));
    COUNTED.put(id, now);
    own += more;
    carriers += name.startsWith("ForkJoinPool-1-worker") ? more : 0;
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
      long began = THREADS.getCurrentThreadCpuTime();
      server.route("/orders/{id}", 2);
      truth(server, SERVER);
      markServer(server, pool);
      SERVER.took(began);
      server.exit();
      server.end();
    }
  }

  private static void truth(Span span, Kind kind) {
    TRUTH.add(new Object[] {span.id(), kind.marker});
  }

  private static void markServer(ServerSpan server, ExecutorService pool) {
    burn(300);
    for (int i = 0; i < 4; i++) {
      DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
      truth(query, SHORT);
      query.enter();
      SERVER.nanos.add(-markShort());
      query.leave();
      query.end();
    }
    CompletableFuture<Void> other = CompletableFuture.runAsync(() -> taskOfPool(server), pool);
    allocate(400, SERVER);
    synchronized (LOCK) {
      burn(200);
    }
    other.join();
  }

  /** Named so that TruthTest keeps it apart from the other task in compiled code. */
  private static void taskOfPool(ServerSpan server) {
    server.enter();
    DatabaseSpan query = DatabaseSpan.start(DATABASE, null);
    truth(query, HOP);
    query.enter();
    markHop();
    query.leave();
    query.end();
    server.leave();
  }

  private static long markShort() {
    long began = THREADS.getCurrentThreadCpuTime();
    burn(50);
    return SHORT.took(began);
  }

  private static void markHop() {
    long began = THREADS.getCurrentThreadCpuTime();
    burn(1000);
    allocate(200, HOP);
    synchronized (LOCK) {
      sink = new byte[100];
    }
    HOP.took(began);
  }

  /** A virtual thread for each span, where the JVM has them. */
  private static void virtual() {
    while (!stopping) {
      CompletableFuture<?>[] some = new CompletableFuture<?>[4];
      for (int i = 0; i < some.length; i++) {
        some[i] = CompletableFuture.runAsync(Workload::taskOfItsOwn, OWN_THREADS);
      }
      CompletableFuture.allOf(some).join();
    }
    OWN_THREADS.shutdown();
  }

  private static void taskOfItsOwn() {
    ServerSpan span = ServerSpan.start("", (carrier, name) -> null, "GET");
    long began = VIRTUAL ? 0 : THREADS.getCurrentThreadCpuTime();
    truth(span, OWN_THREAD);
    markVirtual();
    if (!VIRTUAL) {
      OWN_THREAD.took(began);
    }
    span.exit();
    span.end();
  }

  private static void markVirtual() {
    burn(500);
    allocate(100, OWN_THREAD);
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

  private static void allocate(int count, Kind by) {
    for (int i = 0; i < count; i++) {
      sink = new byte[800];
    }
    by.bytes.add(count * ARRAY);
  }
}
