package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Hello;
import io.sonde.settings.Option;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the agent is started into: the application's output and exit code stay, we say at most
 * one line.
 */
class HostileStartTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** The JVM's own line on an append to the boot path, explained in docs/starting.md. */
  private static final String SHARING = "Sharing is only supported for boot loader classes";

  private static final String MODULES = "java.base,java.instrument";

  @TempDir Path folder;

  static List<Jdk> jdks() {
    return Jdks.all();
  }

  static Stream<Jdk> jdksWithSecurityManager() {
    return Jdks.all().stream().filter(jdk -> jdk.version() <= 17);
  }

  static Stream<Jdk> jdksWithModules() {
    return Jdks.all().stream().filter(jdk -> jdk.version() >= 11);
  }

  /** It takes seconds, and is what {@code --limit-modules} is but for the files. */
  static Stream<Jdk> jdksToLinkFrom() {
    return Jdks.all().stream().filter(jdk -> jdk.version() == 17 || jdk.version() == 25);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void plainStart_changesNothing(Jdk jdk) {
    check(jdk, 0, launch -> launch);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void workingDirectoryAndTemporaryFolderUnusable_changeNothing(Jdk jdk) {
    check(
        jdk,
        0,
        launch -> launch.directory(Path.of("/proc")).property("java.io.tmpdir", "/proc/absent"));
  }

  @ParameterizedTest
  @MethodSource("jdksWithSecurityManager")
  void securityManager_changesNothing(Jdk jdk) {
    check(jdk, 0, launch -> launch.property("java.security.manager", ""));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everyClassVerified_changesNothing(Jdk jdk) {
    check(jdk, 0, launch -> launch.jvmArg("-Xverify:all"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void jniChecked_changesNothing(Jdk jdk) {
    // Where a shell took SIGINT away it would be said, too, if the JVM lives long enough.
    check(jdk, 0, launch -> launch.jvmArg("-Xcheck:jni", "-Xrs"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void smallHeap_changesNothing(Jdk jdk) {
    check(jdk, 0, launch -> launch.jvmArg("-Xmx64m"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void garbageInEverySetting_isOneLine(Jdk jdk) {
    check(
        jdk,
        1,
        launch -> {
          for (Option option : Option.values()) {
            if (!option.name().equals("SONDE_LOG")) {
              launch.env(option.name(), "%zz=\u0001,,;=garbage " + "x".repeat(5000));
            }
          }
          return launch;
        });
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void nobodyAtTheEndpoint_changesNothing(Jdk jdk) {
    check(jdk, 0, launch -> launch.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void twoOfIt_changeNothing(Jdk jdk) {
    check(jdk, 0, JvmLaunch::agent);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void jvmTools_printWhatTheyPrint(Jdk jdk) throws Exception {
    for (List<String> tool : List.of(List.of("keytool", "-help"), List.of("jps", "-q", "-help"))) {
      Result bare = run(jdk, tool, "-Dsonde.bare=true");
      Result with = run(jdk, tool, "-javaagent:" + System.getProperty("sonde.agent.jar"));
      assertEquals(bare.status, with.status, tool.toString());
      assertEquals(bare.lines, with.lines, tool.toString());
    }
  }

  @ParameterizedTest
  @MethodSource("jdksWithModules")
  void noModulesForLoggingSqlAndManagement_changesNothing(Jdk jdk) {
    check(
        jdk,
        0,
        launch ->
            launch
                .jvmArg("--limit-modules", MODULES)
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
  }

  @ParameterizedTest
  @MethodSource("jdksToLinkFrom")
  void linkedRuntimeWithoutLoggingSqlAndManagement_changesNothing(Jdk jdk) throws Exception {
    Path image = folder.resolve("image-" + jdk.version());
    Process jlink =
        new ProcessBuilder(
                jdk.tool("jlink").toString(),
                "--add-modules",
                MODULES,
                "--output",
                image.toString())
            .inheritIO()
            .start();
    if (jlink.waitFor() != 0) {
      // From 24 on a JDK may be able to link from itself, where it was built for that.
      assertTrue(!Files.isDirectory(jdk.home().resolve("jmods")), "jlink");
      System.out.println(
          "not tested here: a jlinked runtime of JDK " + jdk.version() + ", no jmods");
      return;
    }
    Process version = new ProcessBuilder(image.resolve("bin/java").toString(), "-version").start();
    if (version.waitFor() != 0) {
      System.out.println(
          "not tested here: a jlinked runtime of JDK " + jdk.version() + ", which does not start");
      return;
    }
    check(
        new Jdk(jdk.version(), jdk.fullVersion(), image),
        0,
        launch -> launch.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
  }

  private static void check(Jdk jdk, int ourLines, UnaryOperator<JvmLaunch> hostile) {
    JvmLaunch bare = hostile.apply(hello(jdk));
    JvmLaunch with = hostile.apply(hello(jdk).agent());
    try (ForkedJvm expected = bare.start();
        ForkedJvm actual = with.start()) {
      assertEquals(
          Hello.EXIT, expected.awaitExit(LONG), () -> expected.failure("bare").getMessage());
      assertEquals(Hello.EXIT, actual.awaitExit(LONG), () -> actual.failure("agent").getMessage());
      assertEquals(theirs(expected.stdout()), theirs(actual.stdout()));
      assertEquals(theirs(expected.stderr()), theirs(actual.stderr()));
      List<String> ours = ours(actual);
      assertTrue(ours.size() <= ourLines, ours.toString());
    }
  }

  private static JvmLaunch hello(Jdk jdk) {
    return ForkedJvm.on(jdk).classPathOf(Hello.class).main(Hello.class).arg("one", "two three");
  }

  private static List<String> ours(ForkedJvm jvm) {
    List<String> ours = new ArrayList<>(jvm.stdout());
    ours.addAll(jvm.stderr());
    ours.removeIf(line -> !line.startsWith("[sonde]"));
    return ours;
  }

  private static List<String> theirs(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.startsWith("[sonde]") && !line.contains(SHARING))
        .filter(line -> !line.startsWith("WARNING in native method") && !line.startsWith("\tat "))
        // The JDK's own library of java.lang.instrument, whenever loaded classes are asked for.
        .filter(line -> !line.startsWith("WARNING: JNI local refs"))
        .toList();
  }

  private record Result(int status, List<String> lines) {}

  private static Result run(Jdk jdk, List<String> tool, String option)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(tool);
    command.set(0, jdk.tool(tool.get(0)).toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_TOOL_OPTIONS", option);
    Process process = builder.start();
    process.getOutputStream().close();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("Picked up ") && !line.contains(SHARING))
            .toList();
    return new Result(process.waitFor(), lines);
  }
}
