package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.ReceivedProfile;
import io.sonde.testing.ReceivedProfile.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Sums of a program's windows against what it and its JVM counted over the same time. */
final class Values {
  /** Of the program, as far as they compute or allocate. */
  private static final int THREADS = 10;

  /** What a sum may be off by, beside chance and what is between two samples. */
  private static final double SHARE = 0.1;

  /** Of a span's kind; fewer say nothing. */
  private static final int ENOUGH = 50;

  private static final List<String> KINDS =
      List.of("markServer", "markShort", "markHop", "markVirtual");

  // columns of what was counted; each kind has two, its CPU time and its bytes
  private static final int PROCESS = 1;
  private static final int BYTES = 2;
  private static final int OWN_THREADS = 3;
  private static final int FIRST_KIND = 4;

  /** Where the profiler's thread begins, and the program's that counts. */
  private static final List<String> NOT_COUNTED =
      List.of("io.sonde.profiler.Profiler.run", "io.sonde.profiler.Workload.main");

  private static final List<String> ALLOCATIONS =
      List.of("ALLOC_IN_NEW_TLAB", "ALLOC_OUTSIDE_TLAB");

  private final Path out;
  private final int version;
  private final String engine;
  private final boolean allocations;
  private final Counts counts;

  Values(Path out, int version, String engine, boolean allocations) throws IOException {
    this.out = out;
    this.version = version;
    this.engine = engine;
    this.allocations = allocations;
    counts = Counts.of(out.resolve("counters"));
  }

  /** The profile of that window, of which the last one has number 1, or null. */
  static ReceivedProfile read(Path out, int window, String type) throws IOException {
    Path file = out.resolve(window + "-" + type + ".pprof");
    return Files.exists(file)
        ? ReceivedProfile.of(Map.of("__name__", "test"), Files.readAllBytes(file))
        : null;
  }

  void ofLastWindow() throws IOException {
    ReceivedProfile profile = read(out, 1, "CPU");
    Counts.Growth process = counts.growth(PROCESS, start(1), end(1));
    Counts.Growth threads = counts.growth(OWN_THREADS, start(1), end(1));
    double nanos = profile.sum(0, any -> true);
    double own = profile.sum(0, Values::isOfOwnThread);
    Sums bytes = sums(1, ALLOCATIONS, 1, any -> true);
    Sums objects = sums(1, ALLOCATIONS, 0, any -> true);
    Counts.Growth allocated = allocated(BYTES, 1);
    String seen =
        "JDK %d %s: CPU %s of the process, %s of the program's threads, bytes %s of what was used"
            .formatted(
                version,
                engine,
                process.beside(nanos),
                threads.beside(own),
                allocated.beside(bytes.sum));
    System.out.println(seen);
    assertTrue(process.is(nanos, SHARE, between()), seen);
    assertTrue(threads.is(own, SHARE, between()), seen);
    // A thread's buffer counts when it is taken, however much of it is used.
    double buffers = THREADS * bytes.sum / Math.max(1, objects.sum);
    // By chance are those that async-profiler takes.
    double chance = engine.equals("async") ? bytes.chance() : 0;
    assertTrue(!allocations || allocated.is(bytes.sum, SHARE + chance, buffers), seen);
  }

  /** Of a thread that the program counts, as {@link Workload} says; no sample is of the rest. */
  private static boolean isOfOwnThread(Sample sample) {
    return sample.stack().stream().anyMatch(frame -> frame.mapping().equals("[java]"))
        && sample.stack().stream()
            .map(frame -> frame.name().replace('/', '.'))
            .noneMatch(name -> name.startsWith("jdk.jfr.") || NOT_COUNTED.contains(name));
  }

  /**
   * What the samples of spans add up to, of each kind, and of all kinds together whose threads have
   * counters: of virtual threads it is their carriers that have, which also go from one to the
   * next. Not by the engine of stacks: where a stack was taken beside a change of spans its sample
   * has none, and these are many.
   */
  void ofSpans(int windows, Map<String, String> truth) throws IOException {
    if (engine.equals("sampler")) {
      return;
    }
    double nanos = 0;
    Counts.Growth known = new Counts.Growth(0, 0);
    for (int i = 0; i < KINDS.size(); i++) {
      String kind = KINDS.get(i);
      Predicate<Sample> isOf = sample -> kind.equals(truth.get(sample.label("span_id")));
      int column = FIRST_KIND + 2 * i;
      Sums cpu = sums(windows, List.of("CPU"), 0, isOf);
      Counts.Growth took = counts.growth(column, start(windows), end(1));
      check(kind + ": CPU", cpu, took);
      if (version < 21 || !kind.equals("markVirtual")) {
        nanos += cpu.sum;
        known = known.plus(took);
      }
      if (allocations) {
        check(
            kind + ": bytes", sums(windows, ALLOCATIONS, 1, isOf), allocated(column + 1, windows));
      }
    }
    String seen = "JDK %d %s: CPU of all spans %s".formatted(version, engine, known.beside(nanos));
    System.out.println(seen);
    assertTrue(known.is(nanos, SHARE, between()), seen);
  }

  private void check(String what, Sums sums, Counts.Growth known) {
    String seen =
        "JDK %d %s: %s %s of what such spans took, by %d samples"
            .formatted(version, engine, what, known.beside(sums.sum), sums.samples);
    System.out.println(seen);
    boolean enough = sums.samples >= ENOUGH;
    assertTrue(!enough || known.is(sums.sum, SHARE + sums.chance(), 0), seen);
  }

  /** Each thread is between two samples at both ends, where a busy machine leaves few. */
  private double between() throws IOException {
    return 1.0 * THREADS * read(out, 1, "CPU").period();
  }

  /** Of so many windows, the last of which has number 1. */
  private Sums sums(int windows, List<String> types, int value, Predicate<Sample> of)
      throws IOException {
    double sum = 0;
    int samples = 0;
    for (int window = windows; window > 0; window--) {
      for (String type : types) {
        ReceivedProfile profile = read(out, window, type);
        sum += profile == null ? 0 : profile.sum(value, of);
        samples += profile == null ? 0 : (int) profile.samples().stream().filter(of).count();
      }
    }
    return new Sums(sum, samples);
  }

  private record Sums(double sum, int samples) {
    /** Three deviations of the number of samples. */
    double chance() {
      return 3 / Math.sqrt(Math.max(1, samples));
    }
  }

  /**
   * A window ends for allocations somewhere in the time that its end takes, and so did the one
   * before.
   */
  private Counts.Growth allocated(int column, int windows) throws IOException {
    double before = ending(start(windows + 1), start(windows));
    return new Counts.Growth(
        counts.growth(column, start(windows), ending(start(1), end(1))).least(),
        counts.growth(column, before, end(1)).most());
  }

  /** Since when Flight Recorder was seen to end the window between these times. */
  private double ending(double start, double end) throws IOException {
    return Files.readAllLines(out.resolve("ends")).stream()
        .mapToDouble(Double::parseDouble)
        .filter(time -> time > start && time < end)
        .min()
        .orElse(end);
  }

  private double start(int window) throws IOException {
    return read(out, window, "CPU").epochNanos() / 1e6;
  }

  private double end(int window) throws IOException {
    return start(window) + read(out, window, "CPU").durationNanos() / 1e6;
  }
}
