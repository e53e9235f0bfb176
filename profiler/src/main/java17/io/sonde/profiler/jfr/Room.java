package io.sonde.profiler.jfr;

import io.sonde.profiler.Unavailable;
import java.io.File;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * How much of the disk is free: where nothing is left Flight Recorder ends the JVM, so it must not
 * write long before that.
 */
final class Room {
  private final long bound;

  /** Twice as much is needed to start, so that it does not stop at once. */
  Room(long bound) {
    this.bound = bound;
  }

  void toStart() throws Unavailable {
    String missing = missing(2 * bound);
    if (missing != null) {
      throw new Unavailable(missing + ", and on a full disk it would end the JVM");
    }
  }

  void toGoOn() throws IOException {
    String missing = missing(bound);
    if (missing != null) {
      throw new IOException(missing + ", and on a full disk Flight Recorder would end the JVM");
    }
  }

  private static @Nullable String missing(long needed) {
    String repository = System.getProperty("jdk.jfr.repository");
    File above = repository == null ? null : new File(repository).getParentFile();
    File folder = above == null ? new File(System.getProperty("java.io.tmpdir", "/tmp")) : above;
    long free = folder.getUsableSpace();
    return free >= needed || folder.getTotalSpace() == 0
        ? null // the latter where nobody knows
        : free / (1 << 20) + " MiB are free in " + folder + ", less than " + needed / (1 << 20);
  }
}
