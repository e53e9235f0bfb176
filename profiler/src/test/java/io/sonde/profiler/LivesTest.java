package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A profiler that is started and ended under load, which ends a JVM where native code is wrong:
 * each of its lives hands on its last window and leaves nothing. {@code -Dsonde.test.restarts=200}
 * for more of it, on all JDKs.
 */
@Isolated("measures")
class LivesTest {
  private static final int FEW = 12;
  private static final int LIVES = Integer.getInteger("sonde.test.restarts", FEW);
  private static final Pattern SEEN = Pattern.compile("windows (\\d+), profiles (\\d+)\\s*$");

  @TempDir Path folder;

  static Stream<Arguments> enginesOfJdks() {
    List<Jdk> jdks = LIVES > FEW ? Jdks.all() : List.of(Jdks.current());
    return jdks.stream()
        .flatMap(
            jdk ->
                Stream.of("async", "jfr")
                    .filter(engine -> engine.equals("async") || jdk.version() >= 17)
                    .map(engine -> Arguments.of(jdk, engine)));
  }

  @ParameterizedTest
  @MethodSource("enginesOfJdks")
  void startedAndEndedAgainAndAgain(Jdk jdk, String engine) throws Exception {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    String agent = "target/classes" + File.pathSeparator + "../agent/core/target/classes";
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "--release=8",
                "-Xlint:-options",
                "-d",
                classes.toString(),
                "-cp",
                agent,
                "src/test/java/io/sonde/profiler/Lives.java");
    assertEquals(0, compiled);
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                jdk.java().toString(),
                "-Xbootclasspath/a:" + agent,
                "-Xshare:off",
                "-Xmx128m",
                "-XX:ErrorFile=" + folder.resolve("crash"),
                "-Djava.io.tmpdir=" + temporary,
                "-Dsonde.profiler.engine=" + engine,
                "-Dpyroscope.profiler.event=" + (engine.equals("async") ? "cpu,wall" : "cpu"),
                "-cp",
                classes.toString(),
                "io.sonde.profiler.Lives",
                Integer.toString(LIVES))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(60 + 5L * LIVES, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(log);
    assertTrue(ended && process.exitValue() == 0, said);
    assertTrue(!said.contains("said: "), said);
    Matcher seen = SEEN.matcher(said);
    assertTrue(seen.find(), said);
    System.out.println(jdk + ", " + engine + ", " + LIVES + " lives: " + seen.group().strip());
    assertEquals(LIVES, Integer.parseInt(seen.group(1)), said);
    assertTrue(Integer.parseInt(seen.group(2)) >= LIVES / 2, said);
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(
          List.of(), left.filter(p -> !p.getFileName().toString().startsWith("hsperf")).toList());
    }
  }
}
