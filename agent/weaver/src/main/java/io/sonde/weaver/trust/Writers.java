package io.sonde.weaver.trust;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/** Compares who may change two files. */
public final class Writers {
  private Writers() {}

  /**
   * Whether whoever may write the file may write the trusted one, too: it is a file, no link, of
   * the same owner, and its group and others may write it only where they may write that. False
   * where the system does not tell.
   */
  public static boolean areOf(File trusted, File file) {
    // Another file system would be asked, whose classes are the application's.
    if (System.getProperty("java.nio.file.spi.DefaultFileSystemProvider") != null) {
      return false;
    }
    try {
      PosixFileAttributes of = Files.readAttributes(trusted.toPath(), PosixFileAttributes.class);
      PosixFileAttributes its =
          Files.readAttributes(file.toPath(), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return its.isRegularFile()
          && its.owner().equals(of.owner())
          && (!writable(its, PosixFilePermission.GROUP_WRITE)
              || writable(of, PosixFilePermission.GROUP_WRITE) && its.group().equals(of.group()))
          && (!writable(its, PosixFilePermission.OTHERS_WRITE)
              || writable(of, PosixFilePermission.OTHERS_WRITE));
    } catch (IOException | UnsupportedOperationException | SecurityException e) {
      return false;
    }
  }

  private static boolean writable(PosixFileAttributes file, PosixFilePermission who) {
    return file.permissions().contains(who);
  }
}
