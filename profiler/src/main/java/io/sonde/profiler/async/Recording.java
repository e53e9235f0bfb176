package io.sonde.profiler.async;

import io.sonde.profiler.Folder;
import io.sonde.profiler.Governor;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Unavailable;
import io.sonde.profiler.chunk.Chunk;
import io.sonde.profiler.chunk.Chunks;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What async-profiler records: chunk after chunk into one file, and into another one where that
 * grows. A chunk ends without a gap; only another file begins some milliseconds after the last.
 */
final class Recording implements WindowReader.Periods {
  private static final String QUIET = ",loglevel=none";

  /** No system properties, libraries or loads: what is recorded is samples. */
  private static final String SAMPLES_ALONE = ",jfropts=31";

  /** Each chunk repeats every stack since its file began. */
  private static final int CHUNKS = 20;

  private static final int CPU = 0;
  private static final int WALL = 1;
  private static final int ALLOCATION = 2;
  private static final int LOCK = 3;

  /**
   * Stacks that find no room have none; what one file holds of them must fit. As many of a hundred
   * frames as a profile has samples: 16m held 5,000, 32m holds 15,000, 64m would hold 36,000.
   */
  private static final String MEMORY = ",memlimit=32m";

  private static final long LARGE_CHUNK = 4 << 20;
  private static final long LARGE_FILE = 2 * LARGE_CHUNK;

  private static final long MANY_ALLOCATIONS = 1000;
  private static final long FEW_ALLOCATIONS = 300;
  private static final long LONGEST_DISTANCE = 32 << 20;

  /** A look at a thread takes some 1.5 us, whether it runs or not: about a hundredth of a core. */
  private static final long NANOS_A_THREAD = 200_000;

  private final Commands commands;
  private final Folder folder;
  private final Plan plan;
  private final Governor governor;
  private final IntSupplier threads;
  private final @Nullable String missing;
  private boolean allocations;
  private int number;

  /** Negative until a window was read. */
  private double allocationsPerSecond = -1;

  private long lost;

  // null where it could not be started again, then with the reason
  private @Nullable Part part;
  private @Nullable Exception obstacle;

  // has ended and is not read yet
  private @Nullable Part ended;

  private Part read;

  Recording(Commands commands, Folder folder, Plan plan, Governor governor, IntSupplier threads)
      throws IOException, Unavailable {
    this.commands = commands;
    this.folder = folder;
    this.plan = plan;
    this.governor = governor;
    this.threads = threads;
    allocations = plan.allocations;
    read = next(periods(firstDistance(), plan.wallPeriodNanos));
    if (read.file.toString().indexOf(',') >= 0) {
      throw new Unavailable("its commands cannot say " + read.file);
    }
    missing = startWhatCanBe(read);
  }

  /** One file, with what was asked for when it was begun. */
  private static final class Part {
    final File file;
    final long[] periods; // CPU, wall, allocation, lock
    long read;
    long lastChunk;
    int chunks;

    Part(File file, long[] periods) {
      this.file = file;
      this.periods = periods;
    }

    @SuppressWarnings("ResultOfMethodCallIgnored") // the folder goes as a whole later on
    void delete() {
      file.delete();
    }
  }

  private Part next(long[] periods) {
    File file = folder.file("window" + ++number + ".jfr").toAbsolutePath().toFile();
    return new Part(file, periods);
  }

  /** How far apart samples are from now on, where the last ones were so far. */
  private long[] periods(long allocation, long wall) {
    return new long[] {
      governor.thinned(Governor.Kind.CPU, plan.cpuPeriodNanos),
      wallPeriod(wall),
      distance(allocation),
      governor.thinned(Governor.Kind.WAITS, plan.lockNanos)
    };
  }

  /** What it cannot record here, null for nothing. */
  @Nullable String missing() {
    return missing;
  }

  /** Whether it records allocations, which is more than that they are wanted. */
  boolean hasAllocations() {
    return allocations;
  }

  private @Nullable String startWhatCanBe(Part first) throws IOException, Unavailable {
    try {
      start(first);
      return null;
    } catch (IllegalStateException e) {
      if (!allocations) {
        throw new Unavailable("it does not start: " + e.getMessage());
      }
      allocations = false;
      try {
        start(first);
      } catch (IllegalStateException again) {
        throw new Unavailable("it does not start: " + again.getMessage());
      }
      return "no allocations (" + e.getMessage() + ")";
    }
  }

  private void start(Part next) throws IOException {
    StringBuilder command = new StringBuilder("start,jfr,clock=monotonic").append(SAMPLES_ALONE);
    if (plan.cpuEvent != null) {
      command.append(",event=").append(plan.cpuEvent);
      command.append(",interval=").append(next.periods[CPU]);
    }
    if (plan.wall) {
      command.append(",wall=").append(next.periods[WALL]);
    }
    if (allocations) {
      command.append(",alloc=").append(next.periods[ALLOCATION]);
    }
    if (plan.lockNanos > 0) {
      command.append(",lock=").append(next.periods[LOCK]);
    }
    command.append(",jstackdepth=").append(plan.stackDepth).append(MEMORY).append(QUIET);
    try {
      commands.execute(command.append(",file=").append(next.file).toString());
    } catch (IOException | RuntimeException e) {
      next.delete();
      throw e;
    }
    part = next;
  }

  /** Whether so much was recorded that it should be read. */
  boolean isLarge() {
    Part now = part;
    return now != null && now.file.length() - now.read > plan.diskBytes / 8;
  }

  /** Ends a chunk, and the file where it is time: what comes from now on is another window's. */
  void end() throws IOException {
    Part now = part;
    if (now == null) {
      throw new IOException("it does not start again: " + obstacle);
    }
    long[] periods = periods(now.periods[ALLOCATION], now.periods[WALL]);
    if (Arrays.equals(periods, now.periods) && !isFull(now)) {
      commands.execute("dump,jfr" + QUIET);
      return;
    }
    ended = now;
    part = null;
    commands.execute("stop" + QUIET);
    start(next(periods));
  }

  /** Ends for good, with what is left to be read. */
  void finish() throws IOException {
    Part now = part;
    if (now == null) {
      throw new IOException("it does not start again: " + obstacle);
    }
    ended = now;
    part = null;
    commands.execute("stop" + QUIET);
  }

  private boolean isFull(Part part) {
    return ++part.chunks >= CHUNKS
        || lost > 0
        || part.lastChunk > LARGE_CHUNK
        || part.file.length() > Math.min(LARGE_FILE, plan.diskBytes / 4);
  }

  /** Where they were thinned before, about as far as that came to. */
  private long firstDistance() {
    long thinned = governor.thinned(Governor.Kind.ALLOCATIONS, plan.allocationBytes);
    return Math.max(plan.allocationBytes, Math.min(thinned, LONGEST_DISTANCE));
  }

  /** How far apart allocations are sampled from now on, in bytes. */
  private long distance(long now) {
    if (!allocations || allocationsPerSecond < 0) {
      return now;
    }
    double perSecond = governor.thinned(Governor.Kind.ALLOCATIONS, 1) * allocationsPerSecond;
    if (perSecond > MANY_ALLOCATIONS) {
      return Math.max(now, Math.min(now * 2, LONGEST_DISTANCE));
    }
    boolean few = perSecond < FEW_ALLOCATIONS;
    return few ? Math.max(now / 2, plan.allocationBytes) : now;
  }

  /** How often each thread is looked at from now on: the more threads there are, the less often. */
  private long wallPeriod(long now) {
    if (!plan.wall) {
      return now;
    }
    long wanted = governor.thinned(Governor.Kind.WALL, plan.wallPeriodNanos);
    while (wanted < NANOS_A_THREAD * threads.getAsInt()) {
      wanted *= 2;
    }
    return wanted > now || wanted < now / 2 ? wanted : now;
  }

  /** Platform threads, about. */
  static int threads() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    ThreadGroup above = group;
    while (above != null) {
      group = above;
      above = group.getParent();
    }
    return group.activeCount();
  }

  /** Reads what has ended. */
  void read(WindowReader to, long nanos) throws IOException {
    Part from = ended == null ? part : ended;
    if (from == null) {
      throw new IOException("nothing was recorded");
    }
    read = from;
    read(from, to, plan.diskBytes);
    lost = to.lost();
    allocationsPerSecond = to.allocations() * 1e9 / Math.max(1, nanos);
    if (from == ended) {
      ended = null;
      from.delete();
    }
  }

  /** Samples of what was read last whose stacks found no room. */
  long lost() {
    return lost;
  }

  private static void read(Part part, WindowReader to, long most) throws IOException {
    long start = part.read;
    try (RandomAccessFile in = new RandomAccessFile(part.file, "r")) {
      while (in.length() - part.read >= Chunk.HEADER) {
        byte[] bytes = Chunks.bytes(in, part.read, most);
        if (bytes.length == 0) {
          break;
        }
        part.read += bytes.length;
        part.lastChunk = bytes.length;
        to.read(bytes);
      }
    }
    if (part.read == start) {
      throw new IOException("no chunk has ended"); // the disk is full, or it was stopped
    }
  }

  /** Gives up what is not read yet, and begins another file. */
  void again() {
    stop();
    discard(part);
    discard(ended);
    part = null;
    ended = null;
    try {
      start(next(periods(read.periods[ALLOCATION], read.periods[WALL])));
    } catch (IOException | RuntimeException e) {
      obstacle = e;
    }
  }

  private static void discard(@Nullable Part part) {
    if (part != null) {
      part.delete();
    }
  }

  /** Ends without reading what is left. */
  void stop() {
    try {
      commands.execute("stop" + QUIET);
    } catch (IOException | RuntimeException e) {
      // It has ended by itself.
    }
  }

  /** How much further apart samples of CPU time are from now on than in what was read last. */
  double cpuFactor() {
    return factor(CPU);
  }

  /** The same of allocations. */
  double allocationFactor() {
    return factor(ALLOCATION);
  }

  private double factor(int of) {
    Part now = part;
    return now == null ? 1 : (double) now.periods[of] / read.periods[of];
  }

  @Override
  public long cpu() {
    return read.periods[CPU];
  }

  @Override
  public long wall() {
    return read.periods[WALL];
  }

  @Override
  public long allocation() {
    return read.periods[ALLOCATION];
  }

  @Override
  public long lock() {
    return read.periods[LOCK];
  }
}
