package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.apps.Hello;
import io.sonde.apps.JdkHttp;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An AOT cache that {@code warm} trained holds the application's classes and the agent's own. */
class AotCacheTest {
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final String FROM_CACHE = "shared objects file";

  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdks.all().stream().filter(jdk -> jdk.version() >= 25);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void trainedCache_holdsAllButWovenClasses(Jdk jdk) throws Exception {
    Path cache = folder.resolve("hello.aot");
    JvmLaunch hello = ForkedJvm.on(jdk).classPathOf(Hello.class).main(Hello.class);
    String said = warm(jdk, cache, hello);
    assertTrue(said.contains(cache + " is ready"), said);

    try (ForkedJvm jvm = hello(jdk, "-XX:AOTCache=" + cache, "-Xlog:class+load").start()) {
      assertEquals(Hello.EXIT, jvm.awaitExit(LONG));
      List<String> loaded =
          jvm.stdout().stream().filter(line -> line.contains(" source: ")).toList();
      List<String> ours = loaded.stream().filter(line -> line.contains(" io.sonde.")).toList();
      assertTrue(ours.size() > 20, ours::toString);
      List<String> uncached =
          ours.stream()
              .filter(line -> !line.contains(FROM_CACHE))
              .map(AotCacheTest::name)
              // Its class file is of an old version on purpose, and JDK 25 caches none of those.
              .filter(name -> !name.equals("io.sonde.agent.Premain"))
              .toList();
      assertEquals(List.of(), uncached);
      List<String> others =
          loaded.stream()
              .filter(line -> !line.contains(FROM_CACHE) && !line.contains("java.lang.invoke."))
              .map(AotCacheTest::name)
              // Those inside one that is woven extend it. A JVM that lives longer loads some more.
              .map(name -> name.replaceFirst("\\$.*", ""))
              .distinct()
              .toList();
      assertTrue(others.size() < 20, others::toString);
      assertTrue(others.contains("java.util.concurrent.ThreadPoolExecutor"), others::toString);
      assertTrue(
          jvm.stdout().stream().noneMatch(line -> line.contains("warning")),
          jvm.stdout()::toString);
    }
  }

  /** Instrumentation of the JDK's own modules lives in loaders whose classes the cache takes. */
  @Test
  void applicationOnTheJdksHttpServer_canBeTrained() throws Exception {
    Jdk jdk = jdks().findFirst().orElse(null);
    assumeTrue(jdk != null, "no JDK 25 or newer here");
    Path cache = folder.resolve("http.aot");
    JvmLaunch server = ForkedJvm.on(jdk).classPathOf(JdkHttp.class).main(JdkHttp.class);
    String said = warm(jdk, cache, server, "-s", "5");
    assertTrue(said.contains(cache + " is ready"), said);
  }

  /** The JVM that makes the cache runs no agent: what is woven is kept as it is recorded. */
  @Test
  void cacheMadeInTwoSteps_nothingIsWovenAgain() throws Exception {
    Jdk jdk = jdks().findFirst().orElse(null);
    assumeTrue(jdk != null, "no JDK 25 or newer here");
    String configuration = "-XX:AOTConfiguration=" + folder.resolve("hello.aotconf");
    String cache = "-XX:AOTCache=" + folder.resolve("hello.aot");
    try (ForkedJvm record = hello(jdk, "-XX:AOTMode=record", configuration).start()) {
      assertEquals(Hello.EXIT, record.awaitExit(LONG));
      List<String> said = record.stderr().stream().filter(line -> line.contains("sonde")).toList();
      assertEquals(1, said.size(), said::toString);
      assertTrue(said.get(0).contains("hello.aot.woven"), said::toString);
    }
    try (ForkedJvm create = hello(jdk, "-XX:AOTMode=create", configuration, cache).start()) {
      assertEquals(0, create.awaitExit(LONG), create.stdout()::toString);
    }
    try (ForkedJvm jvm = hello(jdk, cache, "-Xlog:class+init").start()) {
      assertEquals(Hello.EXIT, jvm.awaitExit(LONG));
      assertTrue(initializes(jvm, "io/sonde/weaver/KeptClasses"), "not read");
      assertFalse(initializes(jvm, "io/sonde/weaver/ClassWeaver"), "woven again");
    }
  }

  private static JvmLaunch hello(Jdk jdk, String... arguments) {
    String jar = System.getProperty("sonde.agent.jar");
    return ForkedJvm.on(jdk)
        .jvmArg("-Xbootclasspath/a:" + jar, "-javaagent:" + jar)
        .jvmArg(arguments)
        .classPathOf(Hello.class)
        .main(Hello.class);
  }

  private static boolean initializes(ForkedJvm jvm, String type) {
    return jvm.stdout().stream().anyMatch(line -> line.contains("Initializing '" + type + "'"));
  }

  private static String name(String line) {
    String before = line.substring(0, line.indexOf(" source: "));
    return before.substring(before.lastIndexOf(' ') + 1);
  }

  private static String warm(Jdk jdk, Path cache, JvmLaunch application, String... options)
      throws Exception {
    List<String> arguments = new ArrayList<>(List.of("warm", "-o", cache.toString()));
    arguments.addAll(List.of(options));
    arguments.add("--");
    arguments.addAll(application.command());
    return ChainTest.Commands.run(jdk, arguments.toArray(String[]::new));
  }
}
