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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which stacks of some 100 and some 200 frames are whole, by Flight Recorder. */
@Execution(ExecutionMode.CONCURRENT)
class StackDepthTest {
  private static final String APP = "io/sonde/profiler/Deep.";
  private static final String ASKED = "-Dpyroscope.java.stack.depth.max=32";
  private static final String TOLD = "-XX:FlightRecorderOptions:stackdepth=256";

  @TempDir Path folder;

  static Stream<Jdk> firstAndNewestSupported() {
    return Jdks.all().stream().filter(jdk -> jdk.version() == 17 || jdk.version() == 25);
  }

  static Stream<Jdk> andNewest() {
    Stream<Jdk> later = Jdks.all().stream().filter(jdk -> jdk.version() > 25);
    Stream<Jdk> newest = later.max(Comparator.comparing(Jdk::version)).stream();
    return Stream.concat(firstAndNewestSupported(), newest);
  }

  @ParameterizedTest
  @MethodSource("andNewest")
  void nothingAskedFor_128(Jdk jdk) throws Exception {
    String said = run(jdk, "-Dunused");
    check("hundred whole, 128 frames cut", said);
    assertTrue(!said.contains("stacks"), said);
  }

  @ParameterizedTest
  @MethodSource("firstAndNewestSupported")
  void asked_asMany(Jdk jdk) throws Exception {
    String said = run(jdk, ASKED);
    check("32 frames cut", said);
    assertTrue(!said.contains("stacks"), said);
  }

  @ParameterizedTest
  @MethodSource("firstAndNewestSupported")
  void flightRecorderWasToldMore_thatStays(Jdk jdk) throws Exception {
    String said = run(jdk, ASKED, TOLD);
    check("hundred whole, twoHundred whole", said);
    String line = ", stacks of 256 frames, not 32: Flight Recorder was told so";
    assertTrue(said.lines().findFirst().orElseThrow().endsWith(line), said);
  }

  @Test
  void flightRecorderRanBefore_oneLineSaysSo() throws Exception {
    String said = run(1, Jdks.current(), ASKED, "-XX:StartFlightRecording");
    check("64 frames cut", said);
    String line = ", stacks of 64 frames, not 32: Flight Recorder had begun";
    assertTrue(said.lines().anyMatch(one -> one.endsWith(line)), said);
  }

  /** What the stacks are, of those that end in the program's loop. */
  private void check(String expected, String said) throws Exception {
    TreeSet<String> seen = new TreeSet<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith("CPU.pprof")).toList()) {
        byte[] encoded = Files.readAllBytes(file);
        ReceivedProfile.of(Map.of("__name__", "test"), encoded).samples().stream()
            .map(sample -> sample.stack().stream().map(frame -> frame.name()).toList())
            .filter(stack -> stack.get(0).equals(APP + "burn"))
            .map(StackDepthTest::described)
            // Now and then it cannot go down a stack to its root, however deep it may go.
            .filter(what -> !what.equals("rootless whole"))
            .forEach(seen::add);
      }
    }
    TreeSet<String> wanted = new TreeSet<>(List.of(expected.split(", ")));
    assertEquals(wanted, seen, said);
  }

  private static String described(List<String> stack) {
    if (stack.get(stack.size() - 1).equals("[truncated]")) {
      return stack.size() - 1 + " frames cut";
    }
    return Stream.of("hundred", "twoHundred")
            .filter(root -> stack.contains(APP + root))
            .findFirst()
            .orElse("rootless")
        + " whole";
  }

  private String run(Jdk jdk, String... options) throws Exception {
    return run(3, jdk, options);
  }

  /** For so many windows and the last one: beside another recording they are long. */
  private String run(int windows, Jdk jdk, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(jdk.java().toString());
    command.add(
        "-Xbootclasspath/a:target/classes" + File.pathSeparator + "../agent/core/target/classes");
    command.addAll(List.of("-Xshare:off", "-Xmx64m", "-Dsonde.profiler.start.delay=0"));
    command.addAll(List.of("--add-opens", "jdk.jfr/jdk.jfr.internal=ALL-UNNAMED")); // as the agent
    command.addAll(List.of("-Dsonde.profiler.engine=jfr", "-Dpyroscope.upload.interval=1s"));
    command.add("-Dsonde.profiler.budget=off");
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", "target/test-classes", "io.sonde.profiler.Deep", folder.toString()));
    command.add(String.valueOf(windows));
    File log = folder.resolve("log").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
    boolean ended = process.waitFor(300, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(log.toPath());
    assertTrue(ended && process.exitValue() == 0, said);
    return said;
  }
}
