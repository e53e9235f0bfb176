package io.sonde.profiler.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that stay; what is found in them is in WaitsTest. */
class StacksBeforeTest {
  private static final int MOST = 100;

  private final StacksBefore stacks = new StacksBefore(MOST);

  @TempDir Path folder;

  private Path window(String name, int bytes) throws IOException {
    return Files.write(folder.resolve(name), new byte[bytes]);
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void theLatestFileStays_untilThereIsNoRoom() throws IOException {
    stacks.keep(window("one", MOST));
    assertEquals(List.of("one"), left());
    stacks.keep(window("two", MOST));
    assertEquals(List.of("two"), left());
    stacks.drop();
    assertEquals(List.of(), left());
  }

  @Test
  void largeFile_goesWithTheOneBefore() throws IOException {
    stacks.keep(window("one", MOST));
    stacks.keep(window("large", MOST + 1));
    assertEquals(List.of(), left());
    assertNull(stacks.get());
  }

  @Test
  void fileThatIsGoneOrNoRecording_isNoStack() throws IOException {
    assertNull(stacks.get());
    Path gone = window("gone", 1);
    stacks.keep(gone);
    Files.delete(gone);
    assertNull(stacks.get());
    stacks.keep(window("none", MOST));
    assertNull(stacks.get());
    stacks.keep(window("next", MOST));
    assertEquals(List.of("next"), left());
  }
}
