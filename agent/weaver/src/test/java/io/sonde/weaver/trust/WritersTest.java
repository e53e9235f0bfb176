package io.sonde.weaver.trust;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file counts as the trusted one's companion only if nobody else may write it. */
class WritersTest {
  @TempDir Path folder;

  private Path trusted;
  private Path file;

  @BeforeEach
  void make() throws IOException {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));
    trusted = Files.createFile(folder.resolve("app.aot"));
    file = Files.createFile(folder.resolve("app.aot.woven"));
    permit(trusted, "r--r--r--");
    permit(file, "r--r--r--");
  }

  private static void permit(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  private boolean areSame() {
    return Writers.areOf(trusted.toFile(), file.toFile());
  }

  @Test
  void sameOwner_isTrusted() throws IOException {
    assertTrue(areSame());
    permit(file, "rw-r--r--");
    assertTrue(areSame());
  }

  @Test
  void moreWriters_areNot() throws IOException {
    permit(file, "r--rw-r--");
    assertFalse(areSame());
    permit(file, "r--r--rw-");
    assertFalse(areSame());
    permit(trusted, "r--r--rw-");
    assertTrue(areSame());
  }

  @Test
  void linkAndMissingFile_areNot() throws IOException {
    Path target = folder.resolve("target");
    Files.move(file, target);
    assertFalse(areSame());
    Files.createSymbolicLink(file, target);
    assertFalse(areSame());
  }
}
