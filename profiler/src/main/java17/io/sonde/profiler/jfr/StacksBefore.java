package io.sonde.profiler.jfr;

import io.sonde.profiler.chunk.ChunkStacks;
import io.sonde.profiler.chunk.Chunks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of the chunk before the one that is being read: there is that of a wait for a monitor
 * which began before the chunk did. That of another window is read again from its file, which stays
 * until the next window has been read, and only where it is asked for.
 */
final class StacksBefore {
  private final long most;
  private @Nullable Path file;
  private boolean looked;
  private @Nullable ChunkStacks before;
  private @Nullable ChunkStacks last;

  /**
   * @param most no larger file stays, and no larger chunk
   */
  StacksBefore(long most) {
    this.most = most;
  }

  /** The next chunk is read. */
  void next(ChunkStacks chunk) {
    before = last;
    last = chunk.size() <= most ? chunk : null;
  }

  /** All chunks of the window are read. */
  void forget() {
    before = null;
    last = null;
  }

  /** Null where they are not known. */
  @Nullable ChunkStacks get() {
    if (before == null && !looked) {
      looked = true;
      before = read();
    }
    return before;
  }

  private @Nullable ChunkStacks read() {
    Path of = file;
    if (of == null) {
      return null;
    }
    ChunkStacks[] newest = {null};
    try {
      new Chunks().read(of.toFile(), most, chunk -> newest[0] = new ChunkStacks(chunk, null));
    } catch (IOException | RuntimeException e) {
      // Somebody removed it, or wrote into it.
    }
    return newest[0];
  }

  /** A window's file has been read, and stays unless it is large; the one before goes. */
  void keep(Path read) throws IOException {
    drop();
    looked = false;
    if (read.toFile().length() <= most) {
      file = read;
    } else {
      Files.deleteIfExists(read);
    }
  }

  /** There may be no room for it. */
  void drop() throws IOException {
    Path old = file;
    file = null;
    if (old != null) {
      Files.deleteIfExists(old);
    }
  }
}
