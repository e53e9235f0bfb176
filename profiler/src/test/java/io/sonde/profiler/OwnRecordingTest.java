package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedProfile;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An application that records by itself, as {@code profile.jfc} has it: samples twice as often as
 * ours, twice as many allocations. Its file has no events that only we wanted, and our sums are
 * right.
 */
@Isolated("measures")
class OwnRecordingTest {
  private static final int SHARED_MILLIS = 6_000;

  private static final long LONG_SECONDS = 300;

  /** Of a line that is whole. */
  private static final int FIELDS = 4;

  @TempDir Path folder;

  static Stream<Jdk> firstAndNewestSupported() {
    return Jdks.all().stream().filter(jdk -> jdk.version() == 17 || jdk.version() == 25);
  }

  @ParameterizedTest
  @MethodSource("firstAndNewestSupported")
  void recordsFromTheStart_hasNoBufferEvents(Jdk jdk) throws Exception {
    Path own = folder.resolve("own.jfr");
    Process program = start(jdk, "-XX:StartFlightRecording=settings=profile,filename=" + own);
    awaitWindow(program, 0);
    Thread.sleep(SHARED_MILLIS);
    end(program);
    assertEquals(List.of(), bufferEvents(own));
    check();
  }

  /** Until we know, which is where the window ends that was under way. */
  @ParameterizedTest
  @MethodSource("firstAndNewestSupported")
  void beginsToRecord_hasBufferEventsOfItsFirstMomentAlone(Jdk jdk) throws Exception {
    Path own = folder.resolve("own.jfr");
    Process program = start(jdk, "-Dunused");
    awaitWindow(program, 0);
    jcmd(jdk, program, "JFR.start", "settings=profile", "name=own");
    long known = awaitWindow(program, System.currentTimeMillis());
    Thread.sleep(SHARED_MILLIS);
    jcmd(jdk, program, "JFR.stop", "name=own", "filename=" + own);
    awaitWindow(program, System.currentTimeMillis());
    end(program);
    assertTrue(bufferEvents(own).stream().allMatch(millis -> millis <= known + 1), own::toString);
    check();
  }

  private void check() throws Exception {
    List<String> windows = windows();
    double from = Double.parseDouble(windows.get(0).split(" ")[0]);
    double to = Double.parseDouble(windows.get(windows.size() - 1).split(" ")[1]);
    Counts counts = Counts.of(folder.resolve("counters"));
    double cpu = 0;
    double bytes = 0;
    for (int window = 1; window <= windows.size(); window++) {
      cpu += sum(window, "CPU", 0);
      bytes += sum(window, "ALLOC_IN_NEW_TLAB", 1) + sum(window, "ALLOC_OUTSIDE_TLAB", 1);
    }
    Counts.Growth usedCpu = counts.growth(1, from, to);
    Counts.Growth usedBytes = counts.growth(2, from, to);
    String seen =
        "CPU "
            + usedCpu.beside(cpu)
            + ", bytes "
            + usedBytes.beside(bytes)
            + ", windows "
            + windows
            + ", "
            + Files.readString(folder.resolve("log"));
    System.out.println(seen);
    assertTrue(usedCpu.is(cpu, 0.1, 0), seen);
    assertTrue(usedBytes.is(bytes, 0.15, 0), seen);
  }

  private double sum(int window, String type, int value) throws IOException {
    Path file = folder.resolve(window + "-" + type + ".pprof");
    return Files.exists(file)
        ? ReceivedProfile.of(Map.of("__name__", "test"), Files.readAllBytes(file))
            .sum(value, sample -> true)
        : 0;
  }

  /** Milliseconds since 1970 of events that our profiler alone asks for. */
  private static List<Long> bufferEvents(Path recording) throws IOException {
    List<Long> times = new ArrayList<>();
    int others = 0;
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        String name = event.getEventType().getName();
        if (name.startsWith("jdk.ObjectAllocationIn") || name.startsWith("jdk.ObjectAllocationO")) {
          times.add(event.getStartTime().toEpochMilli());
        } else if (name.equals("jdk.ObjectAllocationSample")) {
          others++;
        }
      }
    }
    assertTrue(others > 100, "allocations it asked for itself: " + others);
    return times;
  }

  private List<String> windows() throws IOException {
    return Files.readAllLines(folder.resolve("windows"));
  }

  /** When the first window ended that did so after that time, in milliseconds since 1970. */
  private long awaitWindow(Process program, long after) throws Exception {
    Path windows = folder.resolve("windows");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONG_SECONDS);
    for (; ; ) {
      for (String window : Files.exists(windows) ? windows() : List.<String>of()) {
        String[] times = window.split(" ");
        if (times.length == FIELDS && Long.parseLong(times[1]) > after) {
          return Long.parseLong(times[1]);
        }
      }
      assertTrue(program.isAlive() && System.nanoTime() - end < 0, "no window after " + after);
      Thread.sleep(20);
    }
  }

  private static void jcmd(Jdk jdk, Process program, String... command) throws Exception {
    List<String> all = new ArrayList<>();
    all.add(jdk.home().resolve("bin/jcmd").toString());
    all.add(String.valueOf(program.pid()));
    all.addAll(List.of(command));
    Process jcmd = new ProcessBuilder(all).redirectErrorStream(true).start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, jcmd.waitFor(), said);
  }

  private void end(Process program) throws Exception {
    Files.createFile(folder.resolve("end"));
    boolean ended = program.waitFor(LONG_SECONDS, TimeUnit.SECONDS);
    program.destroyForcibly();
    String said = Files.readString(folder.resolve("log"));
    assertTrue(ended && program.exitValue() == 0, said);
    assertTrue(said.contains("said: the application records by itself: "), said);
  }

  private Process start(Jdk jdk, String option) throws Exception {
    String boot = Path.of("target/classes") + File.pathSeparator + "../agent/core/target/classes";
    List<String> command = new ArrayList<>();
    command.add(jdk.home().resolve("bin/java").toString());
    command.addAll(List.of("-Xbootclasspath/a:" + boot, "-Xshare:off", "-Xmx256m", option));
    command.add("-Dsonde.profiler.start.delay=0");
    command.add("-Dsonde.profiler.budget=off");
    command.add("-Dsonde.profiler.engine=jfr");
    command.add("-Dpyroscope.upload.interval=2s");
    command.addAll(List.of("-cp", "target/test-classes", "io.sonde.profiler.Allocates"));
    command.addAll(List.of(folder.toString(), "1000"));
    File log = folder.resolve("log").toFile();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
  }
}
