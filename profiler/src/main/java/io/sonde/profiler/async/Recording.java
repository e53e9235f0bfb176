package io.sonde.profiler.async;

import io.sonde.profiler.Folder;
import io.sonde.profiler.Plan;
import io.sonde.profiler.Unavailable;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static final int DEPTH = 128;
  private static final long MANY_ALLOCATIONS = 1000;

  private final Library library;
  private final Folder folder;
  private final Plan plan;
  private final @Nullable String missing;
  private boolean allocations;
  private long allocation;
  private int number;
  private int chunks;
  private Path file;
  private long read;
  private double allocationsPerSecond;

  // a file that has ended and is not read yet
  private @Nullable File last;
  private long lastRead;
  private long nextAllocation;

  Recording(Library library, Folder folder, Plan plan) throws IOException, Unavailable {
    this.library = library;
    this.folder = folder;
    this.plan = plan;
    allocations = plan.allocations;
    allocation = plan.allocationBytes;
    file = file();
    missing = startWhatCanBe();
  }

  private Path file() throws Unavailable {
    Path next = folder.file("window" + ++number + ".jfr").toAbsolutePath();
    if (next.toString().indexOf(',') >= 0) {
      throw new Unavailable("its commands cannot say " + next);
    }
    return next;
  }

  /** What it cannot record here, null for nothing. */
  @Nullable String missing() {
    return missing;
  }

  private @Nullable String startWhatCanBe() throws IOException, Unavailable {
    try {
      start(allocation);
      return null;
    } catch (IllegalStateException e) {
      if (!allocations) {
        throw new Unavailable("it does not start: " + e.getMessage());
      }
      allocations = false;
      try {
        start(allocation);
      } catch (IllegalStateException again) {
        throw new Unavailable("it does not start: " + again.getMessage());
      }
      return "no allocations (" + e.getMessage() + ")";
    }
  }

  private void start(long allocation) throws IOException {
    StringBuilder command = new StringBuilder("start,jfr,clock=monotonic").append(SAMPLES_ALONE);
    if (plan.cpuEvent != null) {
      command.append(",event=").append(plan.cpuEvent);
      command.append(",interval=").append(plan.cpuPeriodNanos);
    }
    if (plan.wall) {
      command.append(",wall=").append(plan.cpuPeriodNanos);
    }
    if (allocations) {
      command.append(",alloc=").append(allocation);
    }
    if (plan.lockNanos > 0) {
      command.append(",lock=").append(plan.lockNanos);
    }
    command.append(",jstackdepth=").append(DEPTH).append(",memlimit=64m").append(QUIET);
    read = 0;
    chunks = 0;
    library.execute(command.append(",file=").append(file).toString());
  }

  /** Whether so much was recorded that it should be read. */
  boolean isLarge() {
    return file.toFile().length() - read > plan.diskBytes / 8;
  }

  /** Ends a chunk, and the file where it is time: what comes from now on is another window's. */
  void end() throws IOException, Unavailable {
    boolean many = allocations && allocationsPerSecond > MANY_ALLOCATIONS;
    if (!many && ++chunks < CHUNKS && file.toFile().length() <= plan.diskBytes / 4) {
      library.execute("dump,jfr" + QUIET);
      return;
    }
    last = file.toFile();
    lastRead = read;
    file = file();
    nextAllocation = many ? allocation * 2 : allocation;
    library.execute("stop" + QUIET);
    start(nextAllocation);
  }

  /** Reads what has ended. */
  void read(WindowReader to, long nanos) throws IOException {
    File ended = last;
    try {
      if (ended != null) {
        read(ended, lastRead, to);
      } else {
        read = read(file.toFile(), read, to);
      }
    } finally {
      if (ended != null) {
        last = null;
        allocation = nextAllocation;
        Files.deleteIfExists(ended.toPath());
      }
      allocationsPerSecond = to.allocations() * 1e9 / Math.max(1, nanos);
    }
  }

  private static long read(File file, long from, WindowReader to) throws IOException {
    long at = from;
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] header = new byte[Chunk.HEADER];
      while (in.length() - at >= header.length) {
        in.seek(at);
        in.readFully(header);
        long length = Chunk.length(header);
        if (length == 0) {
          break;
        }
        if (length < header.length || length > in.length() - at || length > Integer.MAX_VALUE) {
          throw new IOException("a chunk of " + length + " bytes");
        }
        byte[] bytes = new byte[(int) length];
        in.seek(at);
        in.readFully(bytes);
        at += length;
        to.read(Chunk.of(bytes));
      }
    }
    return at;
  }

  /** Ends without reading what is left. */
  void stop() {
    try {
      library.execute("stop" + QUIET);
    } catch (IOException | RuntimeException e) {
      // It has ended by itself.
    }
  }

  @Override
  public long cpu() {
    return plan.cpuPeriodNanos;
  }

  @Override
  public long wall() {
    return plan.cpuPeriodNanos;
  }

  @Override
  public long allocation() {
    return allocation;
  }

  @Override
  public long lock() {
    return plan.lockNanos;
  }
}
