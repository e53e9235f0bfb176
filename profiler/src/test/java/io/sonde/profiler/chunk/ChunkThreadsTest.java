package io.sonde.profiler.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Event;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which threads are known, by chunks that Flight Recorder wrote. */
class ChunkThreadsTest {
  private static final String NAME = "io.sonde.profiler.chunk.Seen";

  @TempDir Path folder;

  /** Written by whoever is to be seen. */
  @Name(NAME)
  private static final class Seen extends Event {}

  @Test
  void threadThatHasEnded_isKnownForOneChunkMore() throws Exception {
    List<Chunk> chunks = new ArrayList<>();
    long[] thread = new long[1];
    try (Recording recording = new Recording()) {
      recording.enable(Seen.class);
      recording.setToDisk(true);
      recording.start();
      Thread seen = new Thread(() -> new Seen().commit());
      seen.start();
      seen.join();
      Thread.sleep(500); // it ends a moment later
      thread[0] = seen.getId();
      for (int i = 0; i < 3; i++) {
        Path file = folder.resolve(i + ".jfr");
        recording.dump(file); // which ends a chunk
        List<Chunk> all = new ArrayList<>();
        new Chunks().read(file.toFile(), 1 << 28, all::add);
        chunks.add(all.get(all.size() - 1));
      }
    }
    long id = thread(chunks.get(0));
    ChunkThreads first = new ChunkThreads(chunks.get(0), null);
    ChunkThreads second = new ChunkThreads(chunks.get(1), first);
    assertEquals(thread[0], first.javaId(id));
    assertEquals(thread[0], second.javaId(id));
    assertEquals(0, new ChunkThreads(chunks.get(2), second).javaId(id));
  }

  /** Whom the chunk's only such event is of. */
  private static long thread(Chunk chunk) {
    long[] id = new long[1];
    chunk.read(
        (type, values) -> {
          if (type.name().equals(NAME)) {
            id[0] = values[type.index("eventThread")];
          }
        });
    return id[0];
  }
}
