package io.sonde.profiler.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which mapped files are another copy of async-profiler. */
class LibraryTest {
  private static final String PLACE = "7f00-7f01 r-xp 00000000 08:01 42 ";

  @TempDir Path folder;

  private String other(String line) throws Exception {
    Path maps = folder.resolve("maps");
    Files.writeString(maps, "7ffc-7ffd rw-p 00000000 00:00 0 [stack]\n" + line + "\n");
    return Library.other(maps);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tmp/libasyncProfiler.so",
        "/opt/a b/libasyncProfiler-linux-x64-1f.so (deleted)",
        "/tmp/dd/libjavaProfiler42.so"
      })
  void anotherCopy_isNamed(String path) throws Exception {
    assertEquals(path, other(PLACE + path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/home/async-profiler/asyncProfiler/app.jar",
        "/srv/libasyncProfiler/app.so",
        "/tmp/myasyncProfiler.so",
        "[anon:asyncProfiler]",
        "libasyncProfiler.so"
      })
  void whatIsNamedLikeIt_isNot(String name) throws Exception {
    assertNull(other(PLACE + name));
  }

  @Test
  void noSuchList_nobodyCanSay() {
    assertNull(Library.other(folder.resolve("missing")));
  }
}
