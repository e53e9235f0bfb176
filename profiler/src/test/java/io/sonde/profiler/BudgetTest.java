package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.settings.Settings;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedProfile;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a profile says where the governor had to thin its samples. */
@Isolated("measures")
class BudgetTest {
  private static final int WINDOWS = 8;

  /** Of the program that is given time, and those of it that are looked at. */
  private static final int STEADY = 14;

  private static final int LAST = 5;

  /** A second: ten samples of each kind are always left. */
  private static final double LEAST_NANOS = 1e6;

  /** From here on all that can be thinned is. */
  private static final int THINNED = 5;

  /** Of the program, the profiler, the JIT and the collector. */
  private static final int THREADS = 10;

  /** Exceptions are recorded for a fifth of a second of each window, or a bit less. */
  private static final int TURN_MILLIS = 150;

  @TempDir Path folder;

  @Test
  void sumsStayRight_whereSamplesAreThinned() throws Exception {
    Map<String, Process> running = new LinkedHashMap<>();
    for (Jdk jdk : Jdks.all()) {
      if (jdk.version() == 17 || jdk.version() == 25) {
        running.put(jdk.version() + "-jfr", start(jdk, "jfr"));
      }
      if (jdk.version() == 8 || jdk.version() == 17) {
        running.put(jdk.version() + "-async", start(jdk, "async"));
      }
    }
    try {
      for (Map.Entry<String, Process> program : running.entrySet()) {
        check(program.getKey(), program.getValue());
      }
    } finally {
      running.values().forEach(Process::destroyForcibly);
    }
  }

  /**
   * What the profiler's own threads take at the least is a matter of the machine; what they let the
   * application's take is theirs.
   */
  @Test
  void aSteadyProgram_endsWithinWhatItsThreadsMayTake() throws Exception {
    Map<String, Process> running = new LinkedHashMap<>();
    for (Jdk jdk : Jdks.all()) {
      if (jdk.version() == 17 || jdk.version() == 25) {
        running.put(jdk.version() + "-jfr", start(jdk, "jfr", "0.2%", "2s", STEADY));
      }
    }
    try {
      for (Map.Entry<String, Process> program : running.entrySet()) {
        String said = await(program.getKey(), program.getValue());
        List<String> windows = Files.readAllLines(folder.resolve(program.getKey() + "/windows"));
        String[] before = windows.get(STEADY - LAST - 1).split(" ");
        String[] last = windows.get(STEADY - 1).split(" ");
        double took = Double.parseDouble(last[2]) - Double.parseDouble(before[2]);
        Counts counts = Counts.of(folder.resolve(program.getKey() + "/counters"));
        double used =
            counts.growth(1, Double.parseDouble(before[1]), Double.parseDouble(last[1])).most();
        String seen = String.format("%.3f %% of the CPU time, %s", 100 * took / used, said);
        System.out.println(seen);
        double millis = Double.parseDouble(last[1]) - Double.parseDouble(before[1]);
        assertTrue(took <= 1.1 * 0.2 / 100 * used + LEAST_NANOS * millis / 1e3, seen);
        assertTrue(took > 0, seen);
      }
    } finally {
      running.values().forEach(Process::destroyForcibly);
    }
  }

  private String await(String name, Process program) throws Exception {
    boolean ended = program.waitFor(300, TimeUnit.SECONDS);
    if (!ended) {
      program.destroyForcibly();
    }
    String said = name + ": " + Files.readString(folder.resolve(name).resolve("log"));
    assertTrue(ended && program.exitValue() == 0, said);
    return said;
  }

  private void check(String name, Process program) throws Exception {
    String said = await(name, program);
    Path out = folder.resolve(name);
    List<String> windows = Files.readAllLines(out.resolve("windows"));
    double start = Double.parseDouble(windows.get(THINNED - 1).split(" ")[0]);
    double end = Double.parseDouble(windows.get(WINDOWS - 1).split(" ")[1]);
    Counts counts = Counts.of(out.resolve("counters"));
    Counts.Growth usedCpu = counts.growth(1, start, end);
    Counts.Growth usedBytes = counts.growth(2, start, end);
    Counts.Growth made = new Counts.Growth(0, 0);
    double cpu = 0;
    double bytes = 0;
    long period = 0;
    double exceptions = 0;
    int allocations = 0;
    for (int window = 1; window <= WINDOWS; window++) {
      ReceivedProfile samples = read(out, window, "CPU");
      period = Math.max(period, samples == null ? 0 : samples.period());
      if (window < THINNED) {
        continue;
      }
      String[] times = windows.get(window - 1).split(" ");
      made =
          made.plus(
              counts.byPart(
                  3, Double.parseDouble(times[0]), Double.parseDouble(times[1]), TURN_MILLIS));
      cpu += sum(samples, 0);
      exceptions += sum(read(out, window, "EXCEPTION"), 0);
      for (String type : List.of("ALLOC_IN_NEW_TLAB", "ALLOC_OUTSIDE_TLAB")) {
        ReceivedProfile some = read(out, window, type);
        bytes += sum(some, 1);
        allocations += some == null ? 0 : some.samples().size();
      }
    }
    String seen =
        "CPU "
            + usedCpu.beside(cpu)
            + ", bytes "
            + usedBytes.beside(bytes)
            + ", exceptions "
            + made.beside(exceptions)
            + ", "
            + said;
    System.out.println(seen);
    // Threads are between two samples at both ends, and what is left of a window waits for the
    // next: a tenth of one. On a busy machine that is much of the little time that they have.
    double between = Math.min(1.0 * THREADS * period, 0.5 * usedCpu.least());
    assertTrue(usedCpu.is(cpu, 0.1, between), seen);
    if (name.endsWith("jfr")) {
      assertTrue(made.is(exceptions, 0.2, 20), seen + made);
    }
    if (said.contains(", no allocations (")) {
      assertTrue(said.matches("(?s).*; thinned: cpu to 1 in .*"), seen);
    } else {
      assertTrue(said.matches("(?s).*; thinned: .*allocations to 1 in .*"), seen);
      // By chance are those that async-profiler takes: three deviations of their number.
      double chance = name.endsWith("async") ? 3 / Math.sqrt(Math.max(1, allocations)) : 0;
      assertTrue(usedBytes.is(bytes, 0.1 + chance, 0), seen);
    }
  }

  private static double sum(ReceivedProfile profile, int value) {
    return profile == null ? 0 : profile.sum(value, sample -> true);
  }

  private static ReceivedProfile read(Path out, int window, String type) throws Exception {
    Path file = out.resolve(window + "-" + type + ".pprof");
    return Files.exists(file)
        ? ReceivedProfile.of(Map.of("__name__", "test"), Files.readAllBytes(file))
        : null;
  }

  private Process start(Jdk jdk, String engine) throws Exception {
    return start(jdk, engine, "0.1%", "1s", WINDOWS);
  }

  private Process start(Jdk jdk, String engine, String budget, String window, int windows)
      throws Exception {
    Path out = Files.createDirectory(folder.resolve(jdk.version() + "-" + engine));
    String boot = Path.of("target/classes") + File.pathSeparator + "../agent/core/target/classes";
    List<String> command = new ArrayList<>();
    command.add(jdk.home().resolve("bin/java").toString());
    command.addAll(List.of("-Xbootclasspath/a:" + boot, "-Xshare:off", "-Xmx64m"));
    command.add("-Dsonde.profiler.start.delay=0");
    command.add("-Dsonde.profiler.budget=" + budget);
    command.add("-Dsonde.profiler.exceptions=true");
    command.add("-Dsonde.profiler.engine=" + engine);
    command.add("-Dpyroscope.upload.interval=" + window);
    command.add("-Dpyroscope.profiling.interval=10ms");
    command.addAll(List.of("-cp", "target/test-classes", "io.sonde.profiler.Allocates"));
    command.addAll(List.of(out.toString(), String.valueOf(windows)));
    File log = out.resolve("log").toFile();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
  }

  @ParameterizedTest
  @CsvSource({"1%, 1", "2.5, 2.5", "100 %, 100", "off, 0"})
  void budget_isAPercentageOrNone(String value, double percent) {
    assertEquals(percent, new Plan(settings(value), false, false).budgetPercent);
  }

  @ParameterizedTest
  @CsvSource({"much", "-1", "0", "0.01%", "1e1", "101%", "NaN", "9999999999"})
  void garbage_isOneLineAndTheDefault(String value) {
    Settings settings = settings(value);
    assertEquals(1, new Plan(settings, false, false).budgetPercent);
    assertEquals(
        List.of(
            "SONDE_PROFILER_BUDGET='"
                + value
                + "' (expected a percentage from 0.1% to 100%, or off)"),
        settings.problems());
  }

  private static Settings settings(String budget) {
    return new Settings(name -> name.equals("sonde.profiler.budget") ? budget : null, name -> null);
  }
}
