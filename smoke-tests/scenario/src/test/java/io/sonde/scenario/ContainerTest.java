package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Bundles;
import io.sonde.apps.Load;
import io.sonde.apps.Query;
import io.sonde.testing.AgentCommand;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Containers whose class loaders delegate java packages only: what is woven inside still finds the
 * core.
 */
class ContainerTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String H2 = "com.h2database:h2:2.1.214";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org.apache.felix:org.apache.felix.framework:5.6.12",
        "org.apache.felix:org.apache.felix.framework:7.0.5",
        "org.eclipse.platform:org.eclipse.osgi:3.18.600"
      })
  void osgi_driverInABundle_isTraced(String framework) {
    try (OtlpSink sink = OtlpSink.http()) {
      JvmLaunch launch =
          ForkedJvm.onCurrent()
              .agent(sink)
              .jvmArg("--add-opens=java.base/java.net=ALL-UNNAMED")
              .classPathOf(Bundles.class)
              .classPath(Artifacts.of(framework).classPath())
              .main(Bundles.class)
              .arg(folder.toString(), Artifacts.file(H2).toString());
      check(launch, sink);
    }
  }

  @Test
  void jbossModules_driverInAModule_isTraced() throws Exception {
    module(Query.class, List.of(Artifacts.file(H2)));
    try (OtlpSink sink = OtlpSink.http()) {
      check(jboss().agent(sink), sink);
    }
  }

  /** The loader shows the core before classes are defined in it that extend some of the core's. */
  @Test
  void jbossModules_attached_poolInAModule_isWoven() throws Exception {
    String pool = "org.jboss.threads.EnhancedQueueExecutor";
    module(Load.class, Artifacts.classPath("org.jboss.threads:jboss-threads:3.5.0.Final"));
    try (ForkedJvm jvm = jboss().arg(pool).start()) {
      jvm.awaitPort(LONG);
      String pid = Long.toString(jvm.pid());
      String said = AgentCommand.run(Jdks.current(), "attach", pid);
      assertTrue(said.contains("is in JVM " + pid + " now"), said);
      WhyTest.has(
          AgentCommand.run(Jdks.current(), "why", pid, pool),
          "^woven +xnio +" + Pattern.quote(pool) + " ");
      assertEquals(List.of(), ours(jvm));
    }
  }

  /** Makes a module of the libraries, with that main class. */
  private void module(Class<?> main, List<Path> libraries) throws Exception {
    Path module = Files.createDirectories(folder.resolve("app/main"));
    StringBuilder roots = new StringBuilder("<resource-root path=\"app.jar\"/>");
    Path own = Path.of(main.getProtectionDomain().getCodeSource().getLocation().toURI());
    Files.copy(own, module.resolve("app.jar"));
    for (Path library : libraries) {
      Files.copy(library, module.resolve(library.getFileName()));
      roots.append("<resource-root path=\"").append(library.getFileName()).append("\"/>");
    }
    Files.writeString(
        module.resolve("module.xml"),
        """
        <module xmlns="urn:jboss:module:1.9" name="app">
          <main-class name="%s"/>
          <resources>%s</resources>
          <dependencies><module name="java.sql"/><module name="java.logging"/><module name="java.naming"/><module name="jdk.unsupported"/></dependencies>
        </module>
        """
            .formatted(main.getName(), roots));
  }

  private JvmLaunch jboss() {
    return ForkedJvm.onCurrent()
        .jar(Artifacts.file("org.jboss.modules:jboss-modules:2.1.6.Final"))
        .arg("-mp", folder.toString(), "app");
  }

  private static void check(JvmLaunch launch, OtlpSink sink) {
    try (ForkedJvm jvm = launch.start()) {
      assertEquals(0, jvm.awaitExit(LONG), () -> jvm.failure("exit").getMessage());
      assertTrue(
          jvm.stdout().stream().anyMatch(line -> line.startsWith("answer 42")),
          jvm.stdout()::toString);
      assertEquals(List.of(), ours(jvm));
      assertSelect(sink.awaitSpans(1, LONG).get(0));
    }
  }

  private static List<String> ours(ForkedJvm jvm) {
    return jvm.stderr().stream().filter(line -> line.startsWith("[sonde]")).toList();
  }

  private static void assertSelect(ReceivedSpan span) {
    assertEquals("select", span.name());
    assertEquals("h2database", span.attribute("db.system.name"));
    assertEquals("select ? + ?", span.attribute("db.query.text"));
  }
}
