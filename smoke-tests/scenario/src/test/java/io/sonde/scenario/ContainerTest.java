package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.Bundles;
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
    Path modules = modules();
    try (OtlpSink sink = OtlpSink.http()) {
      check(jboss(modules).agent(sink), sink);
    }
  }

  /** The loader is told of the core before classes are woven that need it. */
  @Test
  void jbossModules_attached_driverInAModule_isTraced() throws Exception {
    Path modules = modules();
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm jvm = jboss(modules).exportTo(sink).arg("again").start()) {
      jvm.awaitPort(LONG);
      String said = AgentCommand.run(Jdks.current(), "attach", Long.toString(jvm.pid()));
      assertTrue(said.contains("is in JVM " + jvm.pid() + " now"), said);
      assertSelect(sink.awaitSpans(1, LONG).get(0));
      assertEquals(List.of(), ours(jvm));
    }
  }

  /** A folder of modules with one that has a driver and asks it. */
  private Path modules() throws Exception {
    Path module = Files.createDirectories(folder.resolve("app/main"));
    Files.copy(Artifacts.file(H2), module.resolve("h2.jar"));
    Path own = Path.of(Query.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Files.copy(own, module.resolve("app.jar"));
    Files.writeString(
        module.resolve("module.xml"),
        """
        <module xmlns="urn:jboss:module:1.9" name="app">
          <main-class name="%s"/>
          <resources><resource-root path="h2.jar"/><resource-root path="app.jar"/></resources>
          <dependencies><module name="java.sql"/><module name="java.logging"/><module name="java.naming"/></dependencies>
        </module>
        """
            .formatted(Query.class.getName()));
    return folder;
  }

  private static JvmLaunch jboss(Path modules) {
    return ForkedJvm.onCurrent()
        .jar(Artifacts.file("org.jboss.modules:jboss-modules:2.1.6.Final"))
        .arg("-mp", modules.toString(), "app");
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
