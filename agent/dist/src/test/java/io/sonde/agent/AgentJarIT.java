package io.sonde.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the finished jar must be. */
final class AgentJarIT {
  private static final Path FILE = Path.of(System.getProperty("sonde.agent.jar"));
  private static final int JAVA_5 = 49;
  private static final int JAVA_8 = 52;

  private static JarFile jar;
  private static List<String> names;

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(FILE.toFile(), false);
    names = jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void size_atMostNineMebibytes() throws IOException {
    long size = Files.size(FILE);
    assertTrue(size <= 9 * 1024 * 1024, size + " bytes");
  }

  @Test
  void manifest_namesPremainForStartAttachAndCommandLine() throws IOException {
    Attributes main = jar.getManifest().getMainAttributes();
    for (String name : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
      assertEquals("io.sonde.agent.Premain", main.getValue(name), name);
    }
    assertEquals("true", main.getValue("Can-Retransform-Classes"));
    assertEquals("true", main.getValue("Can-Redefine-Classes"));
    assertEquals("Sonde", main.getValue("Implementation-Title"));
    assertNotNull(main.getValue("Implementation-Version"));
    // The JVM reads multi-release jars in another way on the boot path than elsewhere.
    assertEquals(null, main.getValue("Multi-Release"));
    assertEquals(null, main.getValue("Launcher-Agent-Class"));
  }

  @Test
  void premain_isLoadedByEachJvmThatKnowsAgents() throws IOException {
    assertEquals(JAVA_5, constants("io/sonde/agent/Premain.class").version());
  }

  /** A class for a newer JVM is reached by its name alone, where the JVM is known to be newer. */
  @Test
  void classes_forNewerJvmsAreNotLinkedFromThoseForJava8() throws IOException {
    Set<String> newer = new TreeSet<>();
    for (String name : names) {
      if (isClass(name) && constants(name).version() > JAVA_8) {
        newer.add(className(name));
      }
    }
    Set<String> linked = new TreeSet<>();
    for (String name : names) {
      if (isClass(name) && !newer.contains(className(name))) {
        for (String used : constants(name).classes()) {
          if (newer.contains(used)) {
            linked.add(name + " uses " + used);
          }
        }
      }
    }
    assertEquals(Set.of(), linked);
    assertTrue(newer.stream().noneMatch(name -> name.contains("/shaded/")), newer.toString());
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class") || name.endsWith(".bin");
  }

  private static String className(String entry) {
    String name = entry.substring(0, entry.lastIndexOf('.'));
    return name.startsWith("inst/") ? name.substring("inst/".length()) : name;
  }

  @Test
  void entries_areUnderOurNames() {
    Set<String> foreign = new TreeSet<>();
    for (String name : names) {
      if (!name.startsWith("io/sonde/")
          && !name.startsWith("inst/")
          && !name.startsWith("META-INF/services/io.sonde.shaded.")
          && !name.startsWith("META-INF/licenses/")) {
        foreign.add(name);
      }
    }
    assertEquals(
        new TreeSet<>(
            List.of("META-INF/LICENSE", "META-INF/MANIFEST.MF", "META-INF/THIRD-PARTY-NOTICES")),
        foreign);
  }

  @Test
  void entries_areThereOnce() {
    assertEquals(new HashSet<>(names).size(), names.size());
  }

  /**
   * Relocation rewrites names in strings too, so a library is never named by a constant of ours.
   */
  @Test
  void strings_ofOurClassesAreNotRelocated() throws IOException {
    List<String> rewritten = new ArrayList<>();
    for (String name : names) {
      if (name.endsWith(".class") && !name.startsWith("io/sonde/shaded/")) {
        for (String text : constants(name).strings()) {
          if (text.contains("io.sonde.shaded") || text.contains("io/sonde/shaded")) {
            rewritten.add(name + ": " + text);
          }
        }
      }
    }
    assertEquals(List.of(), rewritten);
  }

  @Test
  void instrumentation_isDataSaveForTheJdk() throws IOException {
    Set<String> ordinary = new TreeSet<>();
    Set<String> data = new TreeSet<>();
    for (String name : names) {
      if (name.startsWith("io/sonde/instrumentation/")) {
        ordinary.add(name.replace(".class", ""));
      } else if (name.startsWith("inst/io/sonde/instrumentation/jdk/")) {
        data.add(name.substring("inst/".length()).replace(".bin", ""));
      }
    }
    assertEquals(data, ordinary);
    assertTrue(!data.isEmpty(), "no instrumentation of the JDK");
  }

  @Test
  void index_namesOnlyClassesOfTheJar() throws IOException {
    List<String> missing = new ArrayList<>();
    List<String> lines = text("inst/index").lines().toList();
    for (String line : lines) {
      String owner = line.substring(0, line.indexOf('\t'));
      if (!owner.startsWith("@") && jar.getEntry("inst/" + owner + ".bin") == null) {
        missing.add(owner);
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(!lines.isEmpty(), "empty index");
  }

  @Test
  void services_nameClassesOfTheJar() throws IOException {
    List<String> missing = new ArrayList<>();
    for (String name : names) {
      if (name.startsWith("META-INF/services/")) {
        text(name)
            .lines()
            .map(line -> line.replaceAll("#.*", "").strip())
            .filter(line -> !line.isEmpty())
            .filter(line -> jar.getEntry(line.replace('.', '/') + ".class") == null)
            .forEach(line -> missing.add(name + ": " + line));
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void notices_nameEachWorkInTheJar() throws IOException {
    String notices = text("META-INF/THIRD-PARTY-NOTICES");
    for (String work :
        List.of(
            "net.bytebuddy:byte-buddy:",
            "com.squareup.okhttp3:okhttp-jvm:",
            "com.squareup.okio:okio-jvm:",
            "org.jetbrains.kotlin:kotlin-stdlib:",
            "io.opentelemetry:opentelemetry-exporter-otlp:",
            "tools.profiler:async-profiler:")) {
      assertTrue(notices.contains(work), work);
    }
    assertTrue(text("META-INF/licenses/ASM").contains("INRIA"));
    assertTrue(text("META-INF/LICENSE").contains("Apache License"));
  }

  private static ClassConstants constants(String name) throws IOException {
    return ClassConstants.of(bytes(name));
  }

  private static String text(String name) throws IOException {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
      return in.readAllBytes();
    }
  }
}
