package io.sonde.profiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose folder is whose, among the JVMs of a machine. */
class FolderTest {
  private static final int PROCESSES = 3;
  private static final int TIMES = 150;

  @TempDir Path place;

  @Test
  void startedTogether_noneRemovesAnothers() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(together(TIMES));
    }
    for (Process process : processes) {
      byte[] said = process.getInputStream().readAllBytes();
      assertEquals("", new String(said, StandardCharsets.UTF_8));
      assertEquals(0, process.waitFor());
    }
  }

  @Test
  void twoInOneProcess_staysLocked() throws Exception {
    try (Folder first = Folder.open(place.toString());
        Folder second = Folder.open(place.toString())) {
      Process other = together(1);
      byte[] said = other.getInputStream().readAllBytes();
      assertEquals("", new String(said, StandardCharsets.UTF_8));
      assertTrue(Files.exists(first.file("lock")));
      assertTrue(Files.exists(second.file("lock")));
    }
  }

  @Test
  void aDeadOnesFolder_isRemoved() throws Exception {
    Path dead = left("sonde-profiler-dead");
    Folder.open(place.toString()).close();
    assertFalse(Files.exists(dead));
  }

  @Test
  void aLinkToWhatIsOurs_isNotFollowed() throws Exception {
    Path ours = left("ours");
    Files.createSymbolicLink(place.resolve("sonde-profiler-link"), ours);
    Folder.open(place.toString()).close();
    assertTrue(Files.exists(ours.resolve("window1.jfr")));
  }

  @Test
  void anotherUsersFolder_isLeftAlone() throws Exception {
    Path theirs = left("sonde-profiler-theirs");
    try {
      Files.setOwner(
          theirs, place.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("1"));
    } catch (IOException e) {
      assumeTrue(false, "only root gives away what it has");
    }
    Folder.open(place.toString()).close();
    assertTrue(Files.exists(theirs.resolve("window1.jfr")));
  }

  private Path left(String name) throws IOException {
    Path folder = Files.createDirectory(place.resolve(name));
    Files.createFile(folder.resolve("lock"));
    Files.createFile(folder.resolve("window1.jfr"));
    return folder;
  }

  private Process together(int times) throws IOException {
    ProcessBuilder java =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx32m",
            "-cp",
            System.getProperty("java.class.path"),
            Together.class.getName(),
            place.toString(),
            String.valueOf(times));
    java.environment()
        .keySet()
        .removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    return java.redirectErrorStream(true).start();
  }

  /** Opens one folder after the other, and says which was gone or could not be made. */
  static final class Together {
    public static void main(String[] args) throws Exception {
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        try (Folder folder = Folder.open(args[0])) {
          File own = folder.file("window.jfr").toFile();
          if (!own.createNewFile()) {
            throw new IOException(own + " is there already");
          }
        }
      }
    }
  }
}
