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

  /** Reads a finished file of them. */
  public void read(File file, Consumer<Chunk> to) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file, "r")) {
      byte[] header = new byte[Chunk.HEADER];
      long size = in.length();
      for (long at = 0; at < size; ) {
        in.seek(at);
        in.readFully(header);
        long length = Chunk.length(header);
        if (length < header.length || length > Math.min(size - at, Integer.MAX_VALUE - 8)) {
          throw new IOException("a chunk of " + length + " bytes");
        }
        byte[] bytes = new byte[(int) length];
        in.seek(at);
        in.readFully(bytes);
        at += length;
        to.accept(of(bytes));
      }
    }
  }
}
