package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdksTest {
  @TempDir Path folder;

  @Test
  void running_jdk_is_found() {
    int running = Runtime.version().feature();

    assertEquals(running, Jdks.of(running).orElseThrow().version());
    assertTrue(Files.isExecutable(Jdks.current().java()));
  }

  @Test
  void each_wanted_version_is_either_there_or_missing() {
    List<Integer> there = Jdks.all().stream().map(Jdk::version).toList();

    assertEquals(
        Jdks.WANTED, Stream.concat(there.stream(), Jdks.missing().stream()).sorted().toList());
  }

  @Test
  void listed_homes_and_java_home_come_first_in_this_order() {
    String listed = "/one" + File.pathSeparator + "/two";
    List<Path> places = Jdks.places(Map.of("SONDE_TEST_JDKS", listed, "JAVA_HOME", "/three")::get);

    assertEquals(
        List.of(Path.of("/one"), Path.of("/two"), Path.of("/three")), places.subList(0, 3));
  }

  @Test
  void version_is_read_from_release_and_first_home_of_a_version_wins() throws IOException {
    Path first = home("first", "JAVA_VERSION=\"21.0.4\"\n");
    Path second = home("second", "JAVA_VERSION=\"21.0.9\"\n");
    Path old = home("old", "JAVA_VERSION=\"1.8.0_402\"\n");

    Map<Integer, Jdk> found = Jdks.find(List.of(first, second, old, folder.resolve("absent")));

    assertEquals(List.of(8, 21), List.copyOf(found.keySet()));
    assertEquals(new Jdk(21, "21.0.4", first.toRealPath()), found.get(21));
  }

  @Test
  void version_is_asked_for_where_there_is_no_release_file() throws IOException {
    Path home = home("quiet", "");
    Files.delete(home.resolve("release"));
    Files.writeString(
        home.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"1.8.0_500\"' >&2\n");

    assertEquals(8, Jdks.find(List.of(home)).get(8).version());
  }

  @Test
  void runtime_without_compiler_is_no_jdk() throws IOException {
    Path home = home("jre", "JAVA_VERSION=\"17.0.1\"\n");
    Files.delete(home.resolve("bin/javac"));

    assertNull(Jdks.inspect(home));
    assertFalse(Jdks.find(List.of(home)).containsKey(17));
  }

  private Path home(String name, String release) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), release);
    for (String tool : List.of("java", "javac")) {
      Path file = Files.createFile(home.resolve("bin").resolve(tool));
      assertTrue(file.toFile().setExecutable(true));
    }
    return home;
  }
}
