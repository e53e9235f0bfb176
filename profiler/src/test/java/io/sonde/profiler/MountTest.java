package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.testing.Jdks;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A java.io.tmpdir that cannot be executed from, written to or filled: another engine, one line.
 */
@Execution(ExecutionMode.CONCURRENT)
class MountTest {
  private static final String JFR = "said: profiles by Flight Recorder, ";
  private static final String SAMPLER = "said: profiles by stacks of busy threads, ";

  @TempDir Path folder;
  @TempDir Path logs;

  @BeforeAll
  static void needMounts() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/unshare")) && ended("unshare", "-rm", "true") == 0,
        "file systems cannot be mounted here, not even in a namespace of its own (unshare -rm)");
  }

  private static int ended(String... command) throws Exception {
    return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  @Test
  void noexec_asyncProfilerIsPassedOver_flightRecorderIsNot() throws Exception {
    String said = run("size=200m,noexec", "async", "end", "1");
    assertTrue(said.startsWith(JFR), said);
    assertTrue(said.contains(", not by async-profiler: its library cannot be loaded from "), said);
    checkGoesOn(said);
  }

  @Test
  void readOnly_stacksOfBusyThreads() throws Exception {
    String said = run("size=200m,ro", "auto", "end", "1");
    assertTrue(said.startsWith(SAMPLER), said);
    assertTrue(said.contains("not by Flight Recorder: ") && said.contains("; async-profiler: "));
    checkGoesOn(said);
  }

  /** On a full disk Flight Recorder would end the JVM. */
  @Test
  void littleRoom_noFlightRecorder() throws Exception {
    String said = run("size=3m", "jfr", "end", "1");
    assertTrue(said.startsWith(SAMPLER), said);
    assertTrue(said.contains("not by Flight Recorder: 3 MiB are free in "), said);
    checkGoesOn(said);
  }

  @Test
  void diskThatFills_flightRecorderStopsInTime_andComesBackWhenThereIsRoom() throws Exception {
    String said = run("size=40m", "jfr", "fill", "9");
    assertTrue(said.startsWith(JFR), said);
    assertTrue(said.contains("said: the profiler stops and starts again later, "), said);
    assertTrue(said.contains(" MiB are free in "), said);
    assertTrue(said.contains(SAMPLER), said);
    assertTrue(said.contains(" s, as before"), said);
    checkGoesOn(said);
  }

  private static void checkGoesOn(String said) {
    assertTrue(said.contains("window: "), said);
    assertTrue(!said.contains("\tat ") && !said.contains("[error]"), said);
  }

  private String run(String mount, String engine, String... arguments) throws Exception {
    Path log = logs.resolve("log");
    String window = arguments[0].equals("fill") ? "2s" : "60s";
    String classPath = "target/classes" + File.pathSeparator + "../agent/core/target/classes";
    String program =
        String.join(
            " ",
            Jdks.current().java().toString(),
            "-Xbootclasspath/a:" + classPath,
            "-Xshare:auto -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData",
            "-Djava.io.tmpdir=" + folder,
            "-Dsonde.profiler.engine=" + engine,
            "-Dsonde.profiler.disk=16 -Dsonde.profiler.start.delay=0",
            "-Dpyroscope.upload.interval=" + window + " -cp target/test-classes",
            Idle.class.getName(),
            String.join(" ", arguments));
    String script = "mount -t tmpfs -o " + mount + " tmpfs " + folder + " && exec " + program;
    Process process =
        new ProcessBuilder(List.of("unshare", "-rm", "sh", "-c", script))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(log);
    assertTrue(ended, said);
    assertEquals(0, process.exitValue(), said);
    return said;
  }
}
