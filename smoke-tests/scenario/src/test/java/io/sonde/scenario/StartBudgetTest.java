package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sonde.apps.AtMain;
import io.sonde.apps.Counted;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a start takes that can be counted, whatever the machine: files and classes. */
class StartBudgetTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** The budget is 1,500; half of it says early enough that the agent grows. */
  private static final int MORE_CLASSES = 750;

  @Test
  void filesReadBeforeMain_areTheAgentsJar() {
    Optional<Jdk> jdk =
        Jdks.all().stream()
            .filter(each -> each.version() <= 17)
            .max(Comparator.comparing(Jdk::version));
    assumeTrue(jdk.isPresent(), "not tested here: a JDK up to 17, which has a security manager");
    Set<String> more = read(atMain(jdk.orElseThrow()).agent());
    more.removeAll(read(atMain(jdk.orElseThrow())));
    // Looked for, as Pyroscope's agent reads it; it is not there.
    more.remove("pyroscope.properties");
    // The JVM's own library of agents.
    more.removeIf(file -> file.startsWith(jdk.orElseThrow().home().toString()));
    assertEquals(
        Set.of(Path.of(System.getProperty("sonde.agent.jar")).normalize().toString()), more);
  }

  private static JvmLaunch atMain(Jdk jdk) {
    return ForkedJvm.on(jdk)
        .classPathOf(AtMain.class)
        .main(AtMain.class)
        .property("java.security.manager", AtMain.class.getName());
  }

  private static Set<String> read(JvmLaunch launch) {
    try (ForkedJvm jvm = launch.start()) {
      assertEquals(0, jvm.awaitExit(LONG), () -> jvm.failure("exit").getMessage());
      return jvm.stdout().stream()
          .filter(line -> line.startsWith("READ "))
          .map(line -> line.substring("READ ".length()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Served and sent, on the way that needs most classes of our own. */
  @Test
  void classesOfASmallServer_growByHalfOfTheBudgetAtMost() {
    try (OtlpSink sink = OtlpSink.http()) {
      long bare = classes(counted());
      long with = classes(served(sink));
      for (int i = 0; i < 3 && sink.counts().spans() == 0; i++) { // the JVM's end waits for 2 s
        with = classes(served(sink));
      }
      long more = with - bare;
      assertTrue(sink.counts().spans() > 0, "nothing was sent");
      System.out.println("classes of a small server: " + bare + ", with the agent " + with);
      assertTrue(more > 0 && more <= MORE_CLASSES, () -> bare + " classes, with it more: " + more);
    }
  }

  private static JvmLaunch served(OtlpSink sink) {
    return counted().agent(sink).env("OTEL_TRACES_SAMPLER", "always_on");
  }

  private static JvmLaunch counted() {
    return ForkedJvm.onCurrent()
        .quick()
        .jvmArg("-verbose:class")
        .classPathOf(Counted.class)
        .main(Counted.class);
  }

  private static long classes(JvmLaunch launch) {
    try (ForkedJvm jvm = launch.start()) {
      assertEquals(0, jvm.awaitExit(LONG), () -> jvm.failure("exit").getMessage());
      return jvm.stdout().stream().filter(line -> line.contains(" source: ")).count();
    }
  }
}
