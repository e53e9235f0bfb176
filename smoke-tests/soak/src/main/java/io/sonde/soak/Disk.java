package io.sonde.soak;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Looks several times a second at how much there is in a folder, and keeps the most. */
final class Disk implements AutoCloseable {
  private static final long STEP_MILLIS = 250;

  private final Path folder;
  private final Thread thread = new Thread(this::watch, "soak-disk");
  private volatile long most;

  Disk(Path folder) {
    this.folder = folder;
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    try {
      for (; ; ) {
        long[] bytes = {0};
        walk(folder, (path, size) -> bytes[0] += size);
        most = Math.max(most, bytes[0]);
        Thread.sleep(STEP_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      // It is closed.
    }
  }

  /** The most bytes that were there at once. */
  long most() {
    return most;
  }

  /** What is in it now. */
  static List<Path> left(Path folder) throws IOException {
    List<Path> left = new ArrayList<>();
    walk(folder, (path, size) -> left.add(folder.relativize(path)));
    return left;
  }

  private interface Found {
    void file(Path path, long bytes);
  }

  private static void walk(Path folder, Found found) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.file(file, attributes.size());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException gone) {
            if (!each.equals(folder)) {
              found.file(each, 0);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
