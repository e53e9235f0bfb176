package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArtifactsTest {

  @Test
  void class_path_has_what_is_needed_at_run_time() {
    List<Path> path = Artifacts.classPath("com.zaxxer:HikariCP:6.3.3");

    assertEquals(List.of("HikariCP-6.3.3.jar", "slf4j-api-2.0.17.jar"), names(path));
    path.forEach(file -> assertTrue(Files.isRegularFile(file), file::toString));
  }

  @Test
  void excluded_and_managed_are_heeded() {
    assertEquals(
        List.of("HikariCP-6.3.3.jar"),
        names(Artifacts.of("com.zaxxer:HikariCP:6.3.3").without("org.slf4j:*").classPath()));
    assertEquals(
        List.of("HikariCP-6.3.3.jar", "slf4j-api-1.7.36.jar"),
        names(
            Artifacts.of("com.zaxxer:HikariCP:6.3.3")
                .with("org.slf4j:slf4j-api:1.7.36")
                .classPath()));
  }

  @Test
  void file_is_one_file_and_resolved_once() {
    Path file = Artifacts.file("org.slf4j:slf4j-api:1.7.36");

    assertEquals("slf4j-api-1.7.36.jar", file.getFileName().toString());
    assertSame(file, Artifacts.file("org.slf4j:slf4j-api:1.7.36"));
  }

  @Test
  void what_does_not_exist_is_named() {
    IllegalStateException error =
        assertThrows(
            IllegalStateException.class, () -> Artifacts.file("io.sonde:no-such-thing:1.0"));
    assertTrue(error.getMessage().contains("io.sonde:no-such-thing"), error.getMessage());
  }

  private static List<String> names(List<Path> path) {
    return path.stream().map(file -> file.getFileName().toString()).toList();
  }
}
