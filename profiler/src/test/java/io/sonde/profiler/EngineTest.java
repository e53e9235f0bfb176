package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedProfile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is on disk, said and handed on where the profiler cannot start, is killed or disturbed. */
@Execution(ExecutionMode.CONCURRENT)
class EngineTest {
  private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(120);

  private static final String NO_JFR =
      "Flight Recorder: this JVM has no module jdk.jfr (--add-modules jdk.jfr)";
  private static final List<String> EXCEPTIONS =
      List.of("-Dsonde.profiler.exceptions=true", "-Dpyroscope.upload.interval=1s");
  private static final List<String> WITHOUT_JFR =
      List.of("--limit-modules", "java.base", "-Dsonde.profiler.engine=jfr");

  @TempDir Path temporary;
  @TempDir Path logs;

  @Test
  void killed_theNextOneCleansUp() throws Exception {
    kill("60");
    assertTrue(left().size() >= 2, () -> "nothing to clean up: " + left());
    run(Jdks.current(), List.of(), "end", "1");
    assertEquals(List.of(), left());
  }

  /** It may be what explains the crash. */
  @Test
  void killedWhileTheApplicationRecorded_itsRecordingStays() throws Exception {
    kill("own", "60");
    List<Path> recorded = recordings();
    assertTrue(!recorded.isEmpty(), () -> "no recording in " + left());
    run(Jdks.current(), List.of(), "end", "1");
    assertEquals(recorded, recordings());
    assertEquals(List.of(recorded.get(0).getParent()), left());
  }

  @Test
  void withoutFlightRecorder_oneLineAndNothingOnDisk() throws Exception {
    String said = run(Jdks.current(), WITHOUT_JFR, "60");
    assertEquals(
        "said: no profiles: "
            + NO_JFR
            + "; stacks of busy threads: this JVM has no module jdk.management",
        said.strip());
    assertEquals(List.of(), left());
  }

  @Test
  void withoutFlightRecorder_ofAllEnginesAnotherOne() throws Exception {
    List<String> options = new ArrayList<>(WITHOUT_JFR);
    options.addAll(List.of("-Dsonde.profiler.engine=auto", "-Dpyroscope.upload.interval=1s"));
    String said = run(Jdks.current(), options, "once", "0");
    List<String> lines = said.lines().toList();
    assertEquals(
        "said: profiles by async-profiler, windows of 1 s, not by " + NO_JFR, lines.get(0));
    assertEquals(
        "said: the CPU time of threads is not counted (no module java.management): no span says"
            + " what it took",
        lines.get(1));
    assertTrue(lines.stream().skip(2).allMatch(line -> line.startsWith("window: ")), said);
    assertTrue(lines.size() > 2, said);
    assertEquals(List.of(), left());
  }

  /** In its place there is CPU time, unless that is left out too. */
  @ParameterizedTest
  @CsvSource({"wall, CPU by ", "'wall,none', no CPU time"})
  void wallClock_thatFlightRecorderHasNot(String event, String instead) throws Exception {
    List<String> options =
        List.of("-Dpyroscope.profiler.event=" + event, "-Dsonde.profiler.engine=jfr");
    String said = run(Jdks.current(), options, "end", "1");
    assertTrue(said.startsWith("said: profiles by Flight Recorder, " + instead), said);
    assertTrue(said.contains(", no wall clock: async-profiler alone has it"), said);
  }

  @Test
  void noFolderToWriteTo_oneLine() throws Exception {
    String nowhere = "-Djava.io.tmpdir=" + temporary.resolve("missing");
    String said = run(Jdks.current(), List.of(nowhere), "end", "1");
    assertEquals(1, said.lines().filter(line -> line.startsWith("said: ")).count(), said);
    assertTrue(
        said.lines()
            .toList()
            .get(0)
            .matches(
                "said: profiles by stacks of busy threads, .*, not by Flight Recorder: .*;"
                    + " async-profiler: .*"),
        said);
  }

  @Test
  void ourRecordingClosedByTheApplication_theNextWindowHasAnother() throws Exception {
    String said = run(Jdks.current(), List.of("-Dpyroscope.upload.interval=1s"), "close", "1");
    assertEquals(1, said.split("a window of \\d+ s has no profiles: ", -1).length - 1, said);
    assertTrue(said.lastIndexOf("window: ") > said.indexOf("has no profiles"), said);
    assertTrue(said.contains("left: false"), said);
    assertEquals(List.of(), left());
  }

  /** Flight Recorder's hook then ends the last one before we know that there is one. */
  @ParameterizedTest
  @MethodSource("firstAndNewestSupported")
  void jvmThatBeginsToEndWhileAWindowIsWritten_hasEachWindowOnce(Jdk jdk) throws Exception {
    String said = run(jdk, EXCEPTIONS, "edge", "60");
    assertEquals(2, said.split("window: ", -1).length - 1, said);
    assertEquals(1, said.split("exceptions: ", -1).length - 1, said);
    assertTrue(!said.contains("has no profiles"), said);
    assertEquals(List.of(), left());
  }

  /** Flight Recorder has whatever type is new on, and the program would wait for that to end. */
  @ParameterizedTest
  @MethodSource("firstAndNewestSupported")
  void eventTypeOfTheApplicationThatComesLate_isOff(Jdk jdk) throws Exception {
    String said = run(jdk, List.of("-Dpyroscope.upload.interval=1s"), "late", "0");
    assertTrue(said.contains("late: off"), said);
  }

  @Test
  void fileOfAsyncProfilerRemoved_theNextWindowHasAnother() throws Exception {
    Path log = logs.resolve("removed");
    List<String> options =
        List.of("-Dpyroscope.upload.interval=1s", "-Dsonde.profiler.engine=async");
    Process process = start(Jdks.current(), log, options, "60");
    until(log, "window: ");
    deleteFirstFile();
    String said = until(log, "has no profiles(?s:.*)window: ");
    process.destroyForcibly().waitFor();
    assertEquals(1, said.split("a window of \\d+ s has no profiles: ", -1).length - 1, said);
  }

  /** It is not there where one window ends and the next begins, and others come and go. */
  private void deleteFirstFile() throws Exception {
    long end = System.nanoTime() + LONG_NANOS;
    for (; ; ) {
      try {
        Files.delete(list(2, "window1.jfr").get(0));
        return;
      } catch (IOException | UncheckedIOException | IndexOutOfBoundsException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
        Thread.sleep(10);
      }
    }
  }

  private static String until(Path log, String pattern) throws Exception {
    Pattern wanted = Pattern.compile(pattern);
    long end = System.nanoTime() + LONG_NANOS;
    String said = Files.readString(log);
    while (!wanted.matcher(said).find() && System.nanoTime() - end < 0) {
      Thread.sleep(50);
      said = Files.readString(log);
    }
    assertTrue(wanted.matcher(said).find(), said);
    return said;
  }

  /** Above 50,000 changes a second there is always reason to end the window. */
  @Test
  void manyChanges_windowsAreShort_butNotShorterThanTwoSeconds() throws Exception {
    String said = run(Jdks.current(), List.of("-Dpyroscope.upload.interval=60s"), "crowd", "0");
    List<Long> windows = windows(said);
    assertTrue(windows.size() >= 2, said);
    windows = windows.subList(0, windows.size() - 1); // the last one ends with the JVM
    assertTrue(windows.stream().allMatch(millis -> millis >= 1900), said);
  }

  @Test
  void manyEvents_windowsEndBeforeTheDiskIsFull() throws Exception {
    List<String> options =
        List.of(
            "-Dpyroscope.upload.interval=60s",
            "-Dpyroscope.profiler.lock=1ms",
            "-Dsonde.profiler.budget=off",
            "-Dsonde.profiler.disk=16");
    Path log = logs.resolve("flood");
    Process process = start(Jdks.current(), log, options, "flood", "0");
    long most = 0;
    long end = System.nanoTime() + LONG_NANOS;
    while (!process.waitFor(20, TimeUnit.MILLISECONDS) && System.nanoTime() - end < 0) {
      most = Math.max(most, onDisk());
    }
    process.destroyForcibly();
    String said = Files.readString(log);
    assertEquals(0, process.waitFor(), said);
    List<Long> windows = windows(said);
    assertTrue(windows.size() >= 4, said);
    assertTrue(windows.stream().allMatch(millis -> millis < 50_000), said);
    // The threads leave the profiler little time: meanwhile the next window grows.
    assertTrue(most > 2 << 20 && most <= 48 << 20, most + " bytes: " + said);
    assertEquals(List.of(), left());
  }

  private long onDisk() {
    try {
      return list(2, "").stream().mapToLong(path -> path.toFile().length()).sum();
    } catch (UncheckedIOException e) {
      return 0; // one of them went just then
    }
  }

  /** The end of each window also ends a chunk of the application's recording. */
  @Test
  void applicationRecords_windowsAreRare() throws Exception {
    String said = run(Jdks.current(), List.of("-Dpyroscope.upload.interval=1s"), "own", "3");
    assertTrue(said.contains("said: the application records by itself: "), said);
    assertTrue(windows(said).size() <= 2, said); // the second one ends with the JVM
  }

  @Test
  void applicationReadsAStream_windowsAreAsLongAsEver() throws Exception {
    String said = run(Jdks.current(), List.of("-Dpyroscope.upload.interval=1s"), "stream", "0");
    assertTrue(!said.contains("the application records by itself"), said);
    assertTrue(windows(said).size() >= 3, said);
  }

  /** Its chunks are in our file too, with whatever it asks for. */
  @ParameterizedTest
  @CsvSource({"own, 0", "brief, 1"})
  void applicationRecords_itsEventsAreNotPassedOn(String how, int passed) throws Exception {
    List<String> options =
        List.of(
            "-Dpyroscope.upload.interval=2s",
            "-Dpyroscope.server.address=http://localhost:1",
            "-Dsonde.pyroscope.endpoint=jfr");
    String said = run(Jdks.current(), options, how, passed == 0 ? "3" : "0");
    assertTrue(said.contains("withheld: the application has a recording of its own"), said);
    assertTrue(!said.contains("recorded: a password"), said);
    assertTrue(said.split("recorded: samples", -1).length - 1 >= 2 * passed, said);
    assertTrue(
        said.lastIndexOf("recorded: samples") > said.lastIndexOf("withheld: ") == passed > 0, said);
  }

  static Stream<Jdk> firstAndNewestSupported() {
    return Jdks.all().stream().filter(jdk -> jdk.version() == 17 || jdk.version() == 25);
  }

  /** Flight Recorder has three events for one error. */
  @ParameterizedTest
  @MethodSource("firstAndNewestSupported")
  void oneErrorAndOneException_countOnceEach(Jdk jdk) throws Exception {
    String said = run(jdk, EXCEPTIONS, "make", "0");
    long errors = 0;
    long exceptions = 0;
    for (String line : said.lines().filter(line -> line.startsWith("exceptions: ")).toList()) {
      byte[] encoded = Base64.getDecoder().decode(line.substring("exceptions: ".length()));
      ReceivedProfile profile = ReceivedProfile.of(Map.of("__name__", "test"), encoded);
      errors += profile.sum(0, sample -> leaf(sample).endsWith("Planted"));
      exceptions += profile.sum(0, sample -> leaf(sample).endsWith("IllegalStateException"));
    }
    assertEquals("1 error, 1 exception", errors + " error, " + exceptions + " exception", said);
  }

  private static String leaf(ReceivedProfile.Sample sample) {
    return sample.stack().get(0).name();
  }

  /** Before the first window of Flight Recorder is over, which lasts two seconds. */
  @ParameterizedTest
  @ValueSource(strings = {"jfr", "async", "sampler"})
  void endOfTheJvm_theLastWindowIsHandedOnFirst(String engine) throws Exception {
    List<String> options =
        List.of("-Dpyroscope.upload.interval=60s", "-Dsonde.profiler.engine=" + engine);
    String said = run(Jdks.current(), options, "end", "1");
    assertTrue(said.lastIndexOf("window: ") > said.indexOf("ends"), said);
    assertTrue(!said.contains("no profiles"), said);
    assertEquals(List.of(), left());
  }

  @Test
  void outOfMemoryInTheProfiler_itIsStartedAgain() throws Exception {
    String said = run(Jdks.current(), List.of("-Dpyroscope.upload.interval=1s"), "die", "0");
    String died = "said: the profiler stops and starts again later, all else goes on: ";
    assertEquals(1, said.split(Pattern.quote(died), -1).length - 1, said);
    assertTrue(said.lastIndexOf("window: ") > said.indexOf(died), said);
    assertEquals(1, said.split("said: profiles by ", -1).length - 1, said);
    assertEquals(List.of(), left());
  }

  /** Without counters, too: only samples are needed. */
  @ParameterizedTest
  @CsvSource({
    "jfr, 'java.base,jdk.jfr'",
    "async, java.base",
    "sampler, 'java.base,java.management,jdk.management'"
  })
  void spansThatAreHeld_leaveWithTheirWindow_andAtTheEnd(String engine, String modules)
      throws Exception {
    String said =
        run(
            Jdks.current(),
            List.of(
                "--limit-modules",
                modules,
                "-Dsonde.profiler.engine=" + engine,
                "-Dpyroscope.upload.interval=1s",
                "-Dpyroscope.server.address=http://localhost:1",
                "-Dsonde.profiler.links=held"),
            "hold",
            "9");
    // Without either, after 75 s.
    assertTrue(said.matches("(?s).*\\Rwindow read after [1-5]?\\d s\\R.*"), said);
    assertTrue(said.matches("(?s).*\\Rprofiler ended after [1-5]?\\d s\\R.*"), said);
    String missing =
        "the CPU time of threads is not counted (no module java.management): spans say what their"
            + " samples add up to";
    assertEquals(!engine.equals("sampler"), said.contains(missing), said);
  }

  /** The first window, which shows that it records, and no further one. */
  @Test
  void applicationRecords_andSomebodyPulls_itsRecordingIsNotCut() throws Exception {
    List<String> options = List.of("-Dpyroscope.upload.interval=60s");
    String said = run(Jdks.current(), options, "own", "pull", "4");
    assertTrue(said.contains("said: the application records by itself: "), said);
    assertTrue(windows(said).size() <= 2, said); // the second one ends with the JVM
  }

  private static List<Long> windows(String said) {
    return said.lines()
        .filter(line -> line.startsWith("window: "))
        .map(line -> Long.valueOf(line.split(" ")[1]))
        .toList();
  }

  private void kill(String... arguments) throws Exception {
    Path log = logs.resolve("killed");
    Process process = start(Jdks.current(), log, List.of(), arguments);
    until(log, "window: ");
    process.destroyForcibly().waitFor();
  }

  private String run(Jdk jdk, List<String> options, String... arguments) throws Exception {
    Path log = logs.resolve("run");
    Process process = start(jdk, log, options, arguments);
    boolean ended = process.waitFor(LONG_NANOS, TimeUnit.NANOSECONDS);
    process.destroyForcibly();
    String said = Files.readString(log);
    assertTrue(ended && process.exitValue() == 0, said);
    return said;
  }

  private Process start(Jdk jdk, Path log, List<String> options, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(jdk.home().resolve("bin/java").toString());
    command.add("-Xbootclasspath/a:target/classes" + File.pathSeparator + core());
    command.add("-Xshare:off");
    command.add("-Xlog:disable");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-Dsonde.profiler.start.delay=0");
    command.addAll(options);
    command.addAll(List.of("-cp", "target/test-classes", Idle.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DATABASE_PASSWORD", "hunter2");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private static Path core() {
    return Path.of("../agent/core/target/classes");
  }

  private List<Path> left() {
    return list(1, "");
  }

  private List<Path> recordings() {
    return list(2, ".jfr").stream()
        .filter(path -> !path.getParent().getFileName().toString().startsWith("sonde"))
        .toList();
  }

  private List<Path> list(int depth, String end) {
    try (Stream<Path> all = Files.walk(temporary, depth)) {
      return all.filter(path -> !path.equals(temporary) && path.toString().endsWith(end))
          .filter(path -> !path.getFileName().toString().startsWith("hsperfdata"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
