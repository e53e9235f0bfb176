package io.sonde.profiler.async;

import io.sonde.profiler.Folder;
import io.sonde.profiler.chunk.Chunks;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * Prints what a sample costs the thread that it is taken of, with sampling on and off in turn; run
 * by hand.
 *
 * <p>Events that the thread writes: the CPU time of a piece of work. Samples of CPU time and of
 * wall clock, which are few: for how long a thread stands still that does nothing but read the
 * clock, where that is more than the clock takes and less than another process would; with a walk
 * by another thread this is more than the thread's own CPU time.
 *
 * <p>Arguments: how many times, and which of {@code jfr} and {@code async}.
 */
public final class SampleCost {
  private static final int[] DEPTHS = {20, 60, 100};
  private static final long SHORTEST_GAP = 1_500;
  private static final long LONGEST_GAP = 500_000;

  @SuppressWarnings("UnusedVariable") // what is stored is allocated
  private static volatile Object sink;

  private static long spins;

  private SampleCost() {}

  /** Something that takes samples while it is on. */
  private interface Sampling {
    void on() throws Exception;

    void off() throws Exception;

    /** How many were taken so far; the last thing that is asked. */
    long samples() throws Exception;
  }

  /** Something that a thread does for some tens of milliseconds, and what that took. */
  private interface Work {
    long run();
  }

  public static void main(String[] arguments) throws Exception {
    int pairs = Integer.parseInt(arguments[0]);
    try (Folder folder = Folder.open(null)) {
      for (int depth : DEPTHS) {
        if (arguments[1].equals("jfr")) {
          jfr(folder, pairs, depth);
        } else {
          async(folder, pairs, depth);
        }
      }
    }
  }

  private static void jfr(Folder folder, int pairs, int depth) throws Exception {
    boolean cpuTime = Runtime.version().feature() >= 25;
    Sampling cpu =
        cpuTime
            ? new Events(folder, "jdk.CPUTimeSample", "throttle", "1 ms")
            : new Events(folder, "jdk.ExecutionSample", "period", "10 ms");
    measure("CPU", pairs, depth, cpu, SampleCost::standStill);
    Sampling buffers = new Events(folder, "jdk.ObjectAllocationInNewTLAB", "stackTrace", "true");
    measure("allocation", pairs, depth, buffers, SampleCost::allocate);
    Sampling waits = new Events(folder, "jdk.ThreadPark", "threshold", "0 ns");
    measure("wait", pairs, depth, waits, SampleCost::park);
  }

  private static void async(Folder folder, int pairs, int depth) throws Exception {
    Library library = Library.load(folder);
    measure(
        "CPU",
        pairs,
        depth,
        new Native(library, folder, "event=ctimer,interval=1ms"),
        SampleCost::standStill);
    measure("wall", pairs, depth, new Native(library, folder, "wall=1ms"), SampleCost::standStill);
    measure(
        "allocation", pairs, depth, new Native(library, folder, "alloc=64k"), SampleCost::allocate);
  }

  private static void measure(String what, int pairs, int depth, Sampling sampling, Work work)
      throws Exception {
    long[] more = new long[pairs];
    double own = 0;
    for (int i = 0; i < 20; i++) {
      took(depth, work);
    }
    for (int i = 0; i < pairs; i++) {
      long without = took(depth, work);
      double before = recorder();
      sampling.on();
      long with = took(depth, work);
      own += recorder() - before;
      sampling.off();
      more[i] = with - without;
    }
    double samples = (double) sampling.samples() / pairs;
    Arrays.sort(more);
    double middle = Arrays.stream(more, pairs / 4, pairs - pairs / 4).average().orElse(0);
    System.out.printf(
        Locale.ROOT,
        "%d, %s, %d frames: %.1f us a sample on the thread, %.1f us on the recorder's; %.0f samples"
            + " a round; quartiles %.1f to %.1f us%n",
        Runtime.version().feature(),
        what,
        depth,
        middle / samples / 1e3,
        own * 1e3 / pairs / samples,
        samples,
        more[pairs / 4] / samples / 1e3,
        more[pairs - pairs / 4 - 1] / samples / 1e3);
  }

  private static int deep(int more, Work work, long[] took) {
    if (more <= 0) {
      took[0] = work.run();
      return 0;
    }
    return (more & 1) == 0 ? deep(more - 1, work, took) + 1 : deeper(more - 1, work, took) + 2;
  }

  private static int deeper(int more, Work work, long[] took) {
    return deep(more - 1, work, took) + 3;
  }

  private static long took(int depth, Work work) {
    long[] took = new long[1];
    spins += deep(depth, work, took);
    return took[0];
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long standStill() {
    long sum = 0;
    long now = System.nanoTime();
    long end = now + 200_000_000;
    while (now < end) {
      for (int i = 0; i < 300; i++) {
        spins = spins * 31 + i; // a sampler cannot look into the clock's own code
      }
      long next = System.nanoTime();
      long gap = next - now;
      sum += gap > SHORTEST_GAP && gap < LONGEST_GAP ? gap : 0;
      now = next;
    }
    return sum;
  }

  private static long allocate() {
    long before = cpu();
    for (int i = 0; i < 60_000; i++) {
      sink = new byte[1000];
    }
    return cpu() - before;
  }

  private static long park() {
    long before = cpu();
    for (int i = 0; i < 2_000; i++) {
      LockSupport.parkNanos(1);
    }
    return cpu() - before;
  }

  /** CPU time of Flight Recorder's own threads in milliseconds. */
  private static double recorder() throws Exception {
    double millis = 0;
    File[] tasks = new File("/proc/self/task").listFiles();
    for (File task : tasks == null ? new File[0] : tasks) {
      if (Files.readString(task.toPath().resolve("comm")).startsWith("JFR ")) {
        millis +=
            Long.parseLong(Files.readString(task.toPath().resolve("schedstat")).split(" ")[0])
                / 1e6;
      }
    }
    return millis;
  }

  private static long count(Path file, @Nullable String only) throws Exception {
    long[] count = {0};
    Set<String> none = Set.of("jdk.ActiveSetting");
    new Chunks()
        .read(
            file.toFile(),
            Long.MAX_VALUE,
            chunk ->
                chunk.read(
                    (type, values) -> {
                      boolean wanted =
                          only == null ? !none.contains(type.name()) : type.name().equals(only);
                      count[0] += wanted ? 1 : 0;
                    }));
    return count[0];
  }

  /** One event of Flight Recorder's. */
  private static final class Events implements Sampling {
    private final Recording recording = new Recording();
    private final Path file;
    private final String event;
    private final String key;
    private final String value;

    Events(Folder folder, String event, String key, String value) throws Exception {
      this.event = event;
      this.key = key;
      this.value = value;
      file = Files.createTempFile(folder.file("x").getParent(), "events", ".jfr");
      recording.setDestination(file);
      recording.start();
    }

    @Override
    public void on() {
      recording.enable(event).withStackTrace().with(key, value);
    }

    @Override
    public void off() {
      recording.disable(event);
    }

    @Override
    public long samples() throws Exception {
      recording.stop();
      return count(file, event);
    }
  }

  /** A command of async-profiler's. */
  private static final class Native implements Sampling {
    private final Library library;
    private final Path file;
    private final String command;
    private long samples;

    Native(Library library, Folder folder, String command) {
      this.library = library;
      this.command = command;
      file = folder.file("native.jfr");
    }

    @Override
    public void on() throws Exception {
      library.execute(
          "start,jfr,jfropts=31,jstackdepth=128,loglevel=none," + command + ",file=" + file);
    }

    @Override
    public void off() throws Exception {
      library.execute("stop,loglevel=none");
      samples += count(file, null);
      Files.delete(file);
    }

    @Override
    public long samples() {
      return samples;
    }
  }
}
