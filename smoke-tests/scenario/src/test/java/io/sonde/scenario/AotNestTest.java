package io.sonde.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.Jdks;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A woven class whose nested class has a lambda does not crash a JVM with an AOT cache. */
class AotNestTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  /** By its name a class that is woven when it is loaded. */
  private static final String DRIVER =
      """
      package org.postgresql;

      import java.sql.*;

      public class Driver implements java.sql.Driver {
        public static void main(String[] args) throws SQLException {
          System.out.println(new Driver().connect("jdbc:postgresql:none", null));
          Parser.lambda().run();
          System.exit(0);
        }

        public Connection connect(String url, java.util.Properties info) { return null; }
        public boolean acceptsURL(String url) { return true; }
        public DriverPropertyInfo[] getPropertyInfo(String url, java.util.Properties info) { return null; }
        public int getMajorVersion() { return 1; }
        public int getMinorVersion() { return 0; }
        public boolean jdbcCompliant() { return false; }
        public java.util.logging.Logger getParentLogger() { return null; }

        static class Parser {
          static Runnable lambda() { return () -> System.out.println("parsed"); }
        }
      }
      """;

  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdks.all().stream().filter(jdk -> jdk.version() >= 25);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void nestedClassWithLambda_ofWovenClass_startsFromTheCache(Jdk jdk) throws Exception {
    Path app = jar();
    String agent = System.getProperty("sonde.agent.jar");
    Path cache = folder.resolve("nest.aot");
    String said =
        ChainTest.Commands.run(
            jdk,
            Stream.concat(
                    Stream.of("warm", "-o", cache.toString(), "--"),
                    ForkedJvm.on(jdk)
                        .classPath(List.of(app))
                        .main("org.postgresql.Driver")
                        .command()
                        .stream())
                .toArray(String[]::new));
    assertTrue(Files.size(cache) > 1 << 20, said);
    try (ForkedJvm jvm =
        ForkedJvm.on(jdk)
            .jvmArg("-Xbootclasspath/a:" + agent, "-javaagent:" + agent)
            .jvmArg("-XX:AOTCache=" + cache)
            .classPath(List.of(app))
            .main("org.postgresql.Driver")
            .start()) {
      assertEquals(0, jvm.awaitExit(LONG), () -> jvm.stdout().toString());
      assertEquals(List.of("null", "parsed"), jvm.stdout());
    }
  }

  /** A cache takes classes of jars alone. */
  private Path jar() throws Exception {
    Path source = Files.writeString(folder.resolve("Driver.java"), DRIVER);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "--release", "17", "-d", folder.toString(), source.toString());
    assertEquals(0, status);
    Path jar = folder.resolve("app.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (String name : List.of("Driver", "Driver$Parser")) {
        String entry = "org/postgresql/" + name + ".class";
        entries.putNextEntry(new JarEntry(entry));
        entries.write(Files.readAllBytes(folder.resolve(entry)));
      }
    }
    return jar;
  }
}
