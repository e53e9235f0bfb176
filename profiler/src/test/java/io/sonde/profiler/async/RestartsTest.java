package io.sonde.profiler.async;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starting and stopping async-profiler under load, which ends a JVM where native code is wrong;
 * {@code -Dsonde.test.restarts=200} for more of it.
 */
class RestartsTest {
  private static final int RESTARTS = Integer.getInteger("sonde.test.restarts", 20);
  private static final Pattern SEEN = Pattern.compile("windows (\\d+), profiles (\\d+)\\s*$");

  @TempDir Path folder;

  @Test
  void startedAndStopped_alsoWhileWindowsEnd_theProgramGoesOn() throws Exception {
    Jdk jdk = Jdks.current();
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                List.of(
                    jdk.home().resolve("bin/java").toString(),
                    "-Xshare:off",
                    "-Xmx128m",
                    "-Djava.io.tmpdir=" + folder,
                    "-XX:ErrorFile=" + folder.resolve("crash"),
                    "-XX:-CreateCoredumpOnCrash",
                    "-Dpyroscope.profiler.event=cpu,wall",
                    "-Dpyroscope.profiling.interval=1ms",
                    "-cp",
                    String.join(
                        File.pathSeparator,
                        "target/classes",
                        "target/test-classes",
                        "../agent/core/target/classes"),
                    Restarts.class.getName(),
                    String.valueOf(RESTARTS)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(60 + 2L * RESTARTS, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(log);
    assertTrue(ended && process.exitValue() == 0, said);
    assertTrue(!said.contains("Exception"), said);
    Matcher seen = SEEN.matcher(said);
    assertTrue(seen.find(), said);
    System.out.println(RESTARTS + " restarts: " + seen.group().strip());
    assertTrue(Integer.parseInt(seen.group(1)) >= RESTARTS / 2, said);
    assertTrue(Integer.parseInt(seen.group(2)) >= RESTARTS / 2, said);
  }
}
