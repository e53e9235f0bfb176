package io.sonde.profiler.chunk;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The chunks of one recorder, one after the other: mostly, they describe themselves alike. */
public final class Chunks {
  private @Nullable Description last;

  /** None yet. */
  public Chunks() {}

  /** The chunk that these bytes are. */
  public Chunk of(byte[] bytes) {
    Chunk chunk = Chunk.of(bytes, last);
    last = chunk.description();
    return chunk;
  }

  /** Reads a finished file of them, each of which takes no more than {@code most} bytes. */
  public void read(File file, long most, Consumer<Chunk> to) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      for (long at = 0; at < in.length(); ) {
        byte[] bytes = bytes(in, at, most);
        if (bytes.length == 0) {
          throw new IOException("a chunk that is not finished");
        }
        at += bytes.length;
        to.accept(of(bytes));
      }
    }
  }

  /** The chunk that begins there, without any byte where it is not finished. */
  public static byte[] bytes(RandomAccessFile in, long at, long most) throws IOException {
    byte[] header = new byte[Chunk.HEADER];
    in.seek(at);
    in.readFully(header);
    long length = Chunk.length(header);
    if (length == 0) {
      return new byte[0];
    }
    if (length < header.length || length > Math.min(in.length() - at, Integer.MAX_VALUE - 8)) {
      throw new IOException("a chunk of " + length + " bytes");
    }
    long room = Math.min(most, room());
    if (length > room) {
      throw new IOException("a chunk of " + length + " bytes, " + room + " at the most are read");
    }
    byte[] bytes = new byte[(int) length];
    in.seek(at);
    in.readFully(bytes);
    return bytes;
  }

  /** What the heap has room for: that it ends may end the application. Part of it is garbage. */
  private static long room() {
    Runtime jvm = Runtime.getRuntime();
    long free = jvm.maxMemory() - (jvm.totalMemory() - jvm.freeMemory());
    return Math.max(free / 4, jvm.maxMemory() / 32);
  }
}
