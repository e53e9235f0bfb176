package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedProfile;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What profiles of locks add up to, beside the bounds that the program has timed. */
@Execution(ExecutionMode.CONCURRENT)
class WaitsTest {
  /** What two clocks, and a period of async-profiler's, may differ by. */
  private static final double ASIDE_NANOS = 20e6;

  private static final String APP = "io/sonde/profiler/Waits";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"jfr", "async"})
  void everyWait_countsAsLongAsItWas(String engine) throws Exception {
    String said = run(engine, "off", "all", "40", "150", "300", "900");
    check(said);
    assertEquals(0, sum("MUTEX", 0, "$Gate"), "waits without a stack");
  }

  /** They end where others are not recorded, as a rule. */
  @Test
  void longWaits_countWhereTheOthersAreThinned() throws Exception {
    String said = run("jfr", "0.1%", "thinned", "1200", "1300");
    assertTrue(said.matches("(?s).*thinned: .*waits to 1 in .*"), said);
    check(said);
  }

  /** Of a monitor the class is known where the stack is not. */
  private void check(String said) throws Exception {
    check(said, "monitor", sum("MUTEX", 0, "enter", "$Gate"), sum("MUTEX", 1, "enter", "$Gate"));
    check(said, "free", sum("BLOCK", 0, "parkOutside"), sum("BLOCK", 1, "parkOutside"));
    check(
        said,
        "lock",
        sum("BLOCK", 0, "park") - sum("BLOCK", 0, "parkOutside"),
        sum("BLOCK", 1, "park") - sum("BLOCK", 1, "parkOutside"));
    assertEquals(0, sum("BLOCK", 0, "idleOutside"), "threads that wait for work");
  }

  private void check(String said, String kind, double count, double nanos) {
    List<String> waits = said.lines().filter(line -> line.startsWith(kind + " ")).toList();
    double least = waits.stream().mapToLong(line -> Long.parseLong(line.split(" ")[1])).sum();
    double most = waits.stream().mapToLong(line -> Long.parseLong(line.split(" ")[2])).sum();
    String seen =
        "%s: %.0f of %d, %.3f s of %.3f to %.3f s"
            .formatted(kind, count, waits.size(), nanos / 1e9, least / 1e9, most / 1e9);
    System.out.println(seen);
    assertEquals(waits.size(), count, seen + said);
    assertTrue(nanos > least - waits.size() * ASIDE_NANOS, seen + said);
    assertTrue(nanos < most + waits.size() * ASIDE_NANOS, seen + said);
  }

  /** Of all windows, where the stack has one of these methods or names one of these classes. */
  private double sum(String type, int value, String... names) throws Exception {
    double sum = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(type + ".pprof")).toList()) {
        ReceivedProfile profile =
            ReceivedProfile.of(Map.of("__name__", "test"), Files.readAllBytes(file));
        sum += profile.sum(value, sample -> Stream.of(names).anyMatch(name -> isOf(sample, name)));
      }
    }
    return sum;
  }

  private static boolean isOf(ReceivedProfile.Sample sample, String name) {
    String text = name.startsWith("$") ? APP + name : APP + '.' + name;
    return sample.stack().stream().anyMatch(frame -> frame.name().contains(text));
  }

  private String run(String engine, String budget, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Jdks.current().java().toString());
    command.add(
        "-Xbootclasspath/a:target/classes" + File.pathSeparator + "../agent/core/target/classes");
    command.addAll(List.of("-Xshare:off", "-Xmx64m", "-Dsonde.profiler.start.delay=0"));
    command.add("-Dsonde.profiler.engine=" + engine);
    command.add("-Dsonde.profiler.budget=" + budget);
    command.add("-Dpyroscope.upload.interval=1s");
    command.addAll(List.of("-cp", "target/test-classes", "io.sonde.profiler.Waits"));
    command.add(folder.toString());
    command.addAll(List.of(arguments));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(300, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(log);
    assertTrue(ended && process.exitValue() == 0, said);
    return said;
  }
}
