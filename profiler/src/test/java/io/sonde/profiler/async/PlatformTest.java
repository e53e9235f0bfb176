package io.sonde.profiler.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which library is loaded where, and that it can be. */
class PlatformTest {
  /** Names that musl's loader takes for itself, as glibc has files of that name. */
  private static final Set<String> OF_EACH_LIBC =
      Set.of("libc.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libm.so.6");

  private static final int DYNAMIC = 2;
  private static final int NEEDED = 1;
  private static final int STRINGS = 5;

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x64",
    "Linux, x86_64, linux-x64",
    "Linux, aarch64, linux-arm64",
    "Mac OS X, aarch64, macos",
    "Mac OS X, x86_64, macos"
  })
  void libraryOfPlatform_isInTheJar(String os, String arch, String library) throws Exception {
    assertEquals(library, Platform.library(os, arch));
    try (InputStream in = open(library)) {
      assertNotNull(in);
    }
  }

  @ParameterizedTest
  @CsvSource({"Windows Server 2022, amd64", "Linux, x86", "Linux, s390x", "AIX, ppc64"})
  void platformWithoutLibrary_hasNone(String os, String arch) {
    assertNull(Platform.library(os, arch));
  }

  @ParameterizedTest
  @ValueSource(strings = {"linux-x64", "linux-arm64"})
  void librariesForLinux_needNothingThatMuslDoesNotHave(String library) throws Exception {
    List<String> needed = needed(library);
    assertTrue(needed.contains("libc.so.6"), needed.toString());
    assertTrue(OF_EACH_LIBC.containsAll(needed), needed.toString());
  }

  @Test
  void libraryForMac_isForBothProcessors() throws Exception {
    try (InputStream in = open("macos")) {
      ByteBuffer bytes = ByteBuffer.wrap(in.readAllBytes());
      assertEquals(0xCAFEBABE, bytes.getInt(), "a file for several processors");
      assertEquals(2, bytes.getInt());
    }
  }

  /** What the file asks the loader for, from its dynamic section. */
  private static List<String> needed(String library) throws Exception {
    ByteBuffer elf;
    try (InputStream in = open(library)) {
      elf = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }
    int programs = (int) elf.getLong(32);
    int count = elf.getShort(56);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int program = programs + i * elf.getShort(54);
      if (elf.getInt(program) == DYNAMIC) {
        read(elf, (int) elf.getLong(program + 8), names, programs, count);
      }
    }
    return names;
  }

  private static void read(
      ByteBuffer elf, int dynamic, List<String> names, int programs, int count) {
    Map<Long, Long> last = new HashMap<>();
    List<Long> needed = new ArrayList<>();
    for (int at = dynamic; elf.getLong(at) != 0; at += 16) {
      last.put(elf.getLong(at), elf.getLong(at + 8));
      if (elf.getLong(at) == NEEDED) {
        needed.add(elf.getLong(at + 8));
      }
    }
    int strings = place(elf, last.get((long) STRINGS), programs, count);
    for (long offset : needed) {
      StringBuilder name = new StringBuilder();
      for (int at = strings + (int) offset; elf.get(at) != 0; at++) {
        name.append((char) elf.get(at));
      }
      names.add(name.toString());
    }
  }

  /** Where in the file what is loaded to that address stands. */
  private static int place(ByteBuffer elf, long address, int programs, int count) {
    for (int i = 0; i < count; i++) {
      int program = programs + i * elf.getShort(54);
      long start = elf.getLong(program + 16);
      if (elf.getInt(program) == 1
          && address >= start
          && address < start + elf.getLong(program + 32)) {
        return (int) (address - start + elf.getLong(program + 8));
      }
    }
    throw new AssertionError("nothing is loaded to " + address);
  }

  private static InputStream open(String library) {
    return ClassLoader.getSystemResourceAsStream("io/sonde/profiler/async/" + library + ".lib");
  }
}
