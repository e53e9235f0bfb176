package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedProfile;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Spans and values of profiles against what the program itself knows, on each JVM. */
@Isolated("measures")
class TruthTest {
  /** Of the few hundred samples that there are on a busy machine. */
  private static final int CHANCE = 4;

  /**
   * After the first one, whose end takes long where all that it needs is new and the machine is
   * busy: what was allocated meanwhile is in the second one.
   */
  private static final int WINDOWS = 2;

  /** Most of the time a program waits for its window; more at once would wait for each other. */
  private static final int AT_ONCE = 2;

  private static final Map<String, Future<Run>> RUNS = new HashMap<>();

  /** A program that has ended: its files, its temporary folder, what the profiler said. */
  private record Run(Path out, Path temporary, String said) {}

  @BeforeAll
  static void startAll(@TempDir Path folder) {
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    for (Arguments each : engines()) {
      int version = (int) each.get()[0];
      String engine = (String) each.get()[1];
      RUNS.put(version + engine, threads.submit(() -> run(version, engine, folder)));
    }
    threads.shutdown();
  }

  /**
   * Flight Recorder wherever it can be read, async-profiler where that cannot be and where both
   * can, and what is left without either.
   */
  static List<Arguments> engines() {
    List<Arguments> all = new ArrayList<>();
    for (Jdk jdk : Jdks.all()) {
      if (jdk.version() == 8 || jdk.version() == 17) {
        all.add(Arguments.of(jdk.version(), "async"));
      }
      if (jdk.version() == 8) {
        all.add(Arguments.of(jdk.version(), "sampler"));
      }
      if (jdk.version() >= 17) {
        all.add(Arguments.of(jdk.version(), "jfr"));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everySample_hasTheSpanThatItsStackShows(int version, String engine) throws Exception {
    Run run = RUNS.get(version + engine).get();
    Path out = run.out;
    String said = run.said;
    Map<String, String> truth = new HashMap<>();
    for (String line : Files.readAllLines(out.resolve("truth"))) {
      truth.put(line.substring(0, 16), line.substring(17));
    }
    Tally cpu = new Tally();
    Tally allocations = new Tally();
    for (int window = WINDOWS + 1; window > 0; window--) {
      for (String type : List.of("CPU", "MUTEX")) {
        cpu.add(Values.read(out, window, type), truth);
      }
      for (String type : List.of("ALLOC_IN_NEW_TLAB", "ALLOC_OUTSIDE_TLAB")) {
        allocations.add(Values.read(out, window, type), truth);
      }
    }
    String seen =
        "JDK " + version + " " + engine + ": CPU and locks " + cpu + ", allocations " + allocations;
    System.out.println(seen);
    boolean few = engine.equals("sampler");
    // Of ten seconds, most of which go to others on a machine that is busy.
    assertTrue(cpu.right > (few ? 3 : 10), seen + said);
    // One in a thousand may be wrong, by chance two of a thousand.
    // The sampler's stacks are taken where a thread can be stopped, which is often beside a change.
    assertTrue(
        cpu.wrong <= (few ? 1 + cpu.right / 20 : Math.max(2, cpu.right / 1000)), seen + cpu.how);
    assertTrue(few || cpu.none <= Math.max(CHANCE, cpu.right / 100), seen);
    assertTrue(allocations.right > 20 || withoutAllocations(version, said), seen + said);
    assertTrue(allocations.wrong <= allocations.right / 100, seen + allocations.how);
    assertTrue(allocations.none <= Math.max(CHANCE, allocations.right / 100), seen);
    Values values = new Values(out, version, engine, !withoutAllocations(version, said));
    values.ofLastWindow();
    values.ofSpans(WINDOWS, truth);
    try (Stream<Path> left = Files.list(run.temporary)) {
      assertEquals(List.of(), left.toList(), "left behind in the temporary folder");
    }
  }

  /** Before 11 async-profiler needs the JVM's debug symbols for them, and says so. */
  private static boolean withoutAllocations(int version, String said) {
    return version < 11 && said.contains(", no allocations (No AllocTracer symbols found")
        || said.contains(": CPU alone");
  }

  private static Run run(int version, String engine, Path folder) throws Exception {
    Jdk jdk = Jdks.of(version).orElseThrow();
    Path out = Files.createDirectory(folder.resolve(version + engine));
    Path temporary = Files.createDirectory(folder.resolve(version + engine + "-tmp"));
    String boot = Path.of("target/classes") + File.pathSeparator + "../agent/core/target/classes";
    List<String> command = new ArrayList<>();
    command.add(jdk.home().resolve("bin/java").toString());
    command.add("-Xbootclasspath/a:" + boot);
    command.add("-Xshare:off");
    // Of several methods in one piece of compiled code the JVM may name a neighbour.
    command.add("-XX:+UnlockDiagnosticVMOptions");
    command.add("-XX:+DebugNonSafepoints");
    command.add("-XX:CompileCommand=quiet");
    command.add("-XX:CompileCommand=dontinline,io/sonde/profiler/Workload.task*");
    command.add("-XX:CompileCommand=dontinline,io/sonde/profiler/Workload.mark*");
    if (engine.equals("jfr")) {
      // So many buffers in a window that one more or less, begun at its end, makes no difference,
      // and so few that all are recorded: an eighth of the time is not like the rest of it.
      command.add("-XX:TLABSize=512k");
      command.add("-XX:-ResizeTLAB");
    }
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Dsonde.profiler.start.delay=0");
    command.add("-Dsonde.profiler.engine=" + engine);
    command.add("-Dpyroscope.upload.interval=4s");
    command.add("-Dpyroscope.profiling.interval=10ms");
    command.add("-Dpyroscope.profiler.lock=1ms");
    // On a busy machine it would leave too few samples of the last window, or none.
    command.add("-Dsonde.profiler.budget=off");
    command.addAll(List.of("-cp", "target/test-classes", "io.sonde.profiler.Workload"));
    command.addAll(List.of(out.toString(), String.valueOf(WINDOWS)));
    Path log = out.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(300, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    String said = Files.readString(log);
    assertTrue(ended && process.exitValue() == 0, said);
    return new Run(out, temporary, said);
  }

  /** Samples below a marker: with its span, with another one, with none. */
  private static final class Tally {
    int right;
    int wrong;
    int none;
    final List<String> how = new ArrayList<>();

    void add(ReceivedProfile profile, Map<String, String> truth) {
      if (profile == null) {
        return;
      }
      for (ReceivedProfile.Sample sample : profile.samples()) {
        String marker =
            sample.stack().stream()
                .map(frame -> frame.name().substring(frame.name().lastIndexOf('.') + 1))
                .filter(name -> name.startsWith("mark"))
                .findFirst()
                .orElse(null);
        if (marker == null || isChanging(sample)) {
          continue;
        }
        String span = sample.label("span_id");
        if (span.isEmpty()) {
          none++;
        } else if (marker.equals(truth.get(span))) {
          right++;
        } else {
          wrong++;
          how.add(marker + " with the span of " + truth.get(span) + ": " + names(sample));
        }
      }
    }

    private static List<String> names(ReceivedProfile.Sample sample) {
      return sample.stack().stream().map(frame -> frame.name() + ":" + frame.line()).toList();
    }

    /**
     * In the middle of a change of context the stack cannot say which one it is. And the JVM names
     * its carrier for a virtual thread that is about to sleep.
     */
    private static boolean isChanging(ReceivedProfile.Sample sample) {
      return sample.stack().stream()
          .map(frame -> frame.name().replace('/', '.'))
          .takeWhile(frame -> !frame.contains("Workload"))
          .anyMatch(
              frame ->
                  frame.startsWith("io.sonde.core.")
                      || frame.equals("java.lang.VirtualThread.scheduleUnpark"));
    }

    @Override
    public String toString() {
      return right + " right, " + wrong + " wrong, " + none + " without";
    }
  }
}
