package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.ReceivedProfile;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples of platform threads that were made in a span and know nothing of spans themselves. */
@Isolated("keeps all cores busy")
class ChildrenTest {
  /**
   * At the end of each some have started and others not yet: then all of them wait for the next.
   */
  private static final String WINDOWS = "1";

  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdks.all().stream().filter(jdk -> jdk.version() >= 17 && jdk.version() != 26);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void eachSample_hasTheSpanInWhichItsThreadWasMade(Jdk jdk) throws Exception {
    String said = run(jdk);
    Map<String, String> truth = new HashMap<>();
    for (String line : Files.readAllLines(folder.resolve("truth"))) {
      truth.put(line.substring(0, 16), line.substring(17));
    }
    Map<String, Long> seen = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith("CPU.pprof")).toList()) {
        ReceivedProfile profile =
            ReceivedProfile.of(Map.of("__name__", "test"), Files.readAllBytes(file));
        profile.samples().forEach(sample -> count(sample, truth, seen));
      }
    }
    String counts = "JDK " + jdk.version() + ", ms: " + seen;
    System.out.println(counts);
    long right = seen.getOrDefault("right", 0L);
    assertTrue(right > 150 && seen.getOrDefault("outside", 0L) > 0, counts + said);
    // One thread, where the machine lets it wait for more than a second before it begins.
    assertTrue(seen.getOrDefault("wrong", 0L) <= Math.max(60, right / 1000), counts + said);
    // Those made in the last second of a window may start yet, which are many on a slow machine. If
    // nobody were known it would be all, 1,200 ms and more.
    assertTrue(seen.getOrDefault("without", 0L) <= Math.max(700, right / 5), counts + said);
  }

  private static void count(
      ReceivedProfile.Sample sample, Map<String, String> truth, Map<String, Long> seen) {
    for (ReceivedProfile.Frame frame : sample.stack()) {
      String method = frame.name().substring(frame.name().lastIndexOf('.') + 1);
      if (method.startsWith("mark")) {
        String made = method.equals("markNone") ? "" : method;
        String has =
            sample.label("span_id").isEmpty()
                ? ""
                : truth.getOrDefault(sample.label("span_id"), "unknown");
        String right = made.isEmpty() ? "outside" : "right";
        long millis = sample.values().get(0) / 1_000_000;
        seen.merge(
            made.equals(has) ? right : has.isEmpty() ? "without" : "wrong", millis, Long::sum);
        if (!made.equals(has)) {
          seen.merge(method + " in " + has, millis, Long::sum);
        }
        return;
      }
    }
  }

  private String run(Jdk jdk) throws Exception {
    Process process =
        new ProcessBuilder(
                jdk.java().toString(),
                "-Xbootclasspath/a:target/classes"
                    + File.pathSeparator
                    + "../agent/core/target/classes",
                "-Xshare:off",
                "-Xmx64m",
                "-Dsonde.profiler.start.delay=0",
                "-Dsonde.profiler.engine=jfr",
                "-Dsonde.profiler.budget=off",
                "-Dpyroscope.upload.interval=6s",
                "-Dpyroscope.profiling.interval=10ms",
                "-cp",
                "target/test-classes",
                "io.sonde.profiler.Children",
                folder.toString(),
                WINDOWS)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    boolean ended = process.waitFor(300, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(folder.resolve("log"));
    assertTrue(ended && process.exitValue() == 0, said);
    return said;
  }
}
