package io.sonde.profiler.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a recording is taken into memory. */
class ChunksTest {
  private static final int MOST = 1 << 20;

  @TempDir Path temporary;

  @Test
  void chunkThatIsTooLarge_isNotRead() throws IOException {
    assertEquals(MOST, read(MOST, MOST, 1));
    assertThrows(IOException.class, () -> read(MOST + 1, MOST + 1, 1));
  }

  @Test
  void chunkThatIsLongerThanItsFile_isNotRead() {
    assertThrows(IOException.class, () -> read(MOST, MOST - 1, 1));
    assertThrows(IOException.class, () -> read(-1, MOST, 1));
  }

  @Test
  void chunkThatIsNotFinished_hasNoBytes() throws IOException {
    assertEquals(0, read(MOST, MOST, 0));
  }

  private int read(long chunk, long file, long pools) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(Chunk.HEADER);
    header.putInt(0x464C5200).putInt(0x20000).putLong(chunk).putLong(pools);
    try (RandomAccessFile in = new RandomAccessFile(temporary.resolve("x").toFile(), "rw")) {
      in.write(header.array());
      in.setLength(file);
      return Chunks.bytes(in, 0, MOST).length;
    }
  }
}
