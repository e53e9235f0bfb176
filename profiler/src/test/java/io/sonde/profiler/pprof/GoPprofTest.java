package io.sonde.profiler.pprof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Go's own pprof makes of a profile; it checks each one that it reads. */
final class GoPprofTest {
  @TempDir Path folder;

  @BeforeAll
  static void needsGo() {
    assumeTrue(
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .anyMatch(entry -> Files.isExecutable(Path.of(entry, "go"))),
        "go is not on the PATH: its pprof is not asked");
  }

  private String pprof(Profile profile, String... options) throws Exception {
    Path file = folder.resolve("profile.pb.gz");
    Files.write(file, profile.encode(1_800_000_000_000_000_000L, 15_000_000_000L));
    List<String> command = new ArrayList<>(List.of("go", "tool", "pprof"));
    command.addAll(List.of(options));
    command.add(file.toString());
    Path output = folder.resolve("output");
    Process go =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertTrue(go.waitFor(120, TimeUnit.SECONDS), "go tool pprof takes too long");
    String text = Files.readString(output, StandardCharsets.UTF_8);
    assertEquals(0, go.exitValue(), text);
    return text;
  }

  @Test
  void top_hasThePlantedShares() throws Exception {
    Profile cpu = new Profile(ProfileType.CPU);
    int hot = cpu.frame("com.acme.Shop", "price", null, null, 42, FrameKind.JAVA);
    int cold = cpu.frame("com.acme.Shop", "list", null, null, 17, FrameKind.JAVA);
    int root = cpu.frame("java.lang.Thread", "run", null, null, 1, FrameKind.JAVA);
    cpu.add(cpu.stack(new int[] {hot, root}, 2, false), 1, 2, 3, "GET /", 9_000_000_000L, 0);
    cpu.add(cpu.stack(new int[] {cold, root}, 2, true), 0, 0, 0, null, 1_000_000_000L, 0);
    String top = pprof(cpu, "-top");
    assertTrue(top.contains("Type: cpu"), top);
    assertTrue(top.contains("Duration: 15s, Total samples = 10s"), top);
    assertTrue(top.matches("(?s).* 9s 90.00% 90.00% +9s 90.00%  com/acme/Shop.price\n.*"), top);
    String list = pprof(cpu, "-top", "-lines", "-sample_index=cpu", "-focus=list");
    assertTrue(list.contains("com/acme/Shop.list com/acme/Shop.java:17"), list);
  }

  @Test
  void raw_hasLabelsMappingsAndBothValues() throws Exception {
    Profile memory = new Profile(ProfileType.ALLOC_OUTSIDE_TLAB);
    int frame = memory.frame("com.acme.Shop", "load", null, null, 3, FrameKind.JAVA);
    int read = memory.frame("", "read", null, null, 0, FrameKind.NATIVE);
    int stack = memory.stack(new int[] {read, frame}, 2, false);
    memory.add(stack, 0xABL, 0x1L, 0x2L, "GET /items", 3, 4096);
    String raw = pprof(memory, "-raw");
    assertTrue(raw.contains("PeriodType: space bytes"), raw);
    assertTrue(
        raw.contains("alloc_outside_tlab_objects/count alloc_outside_tlab_bytes/bytes"), raw);
    assertTrue(raw.matches("(?s).*\n +3 +4096: .*"), raw);
    assertTrue(raw.contains("span_id:[00000000000000ab]"), raw);
    assertTrue(raw.contains("trace_id:[00000000000000010000000000000002]"), raw);
    assertTrue(raw.contains("endpoint:[GET /items]"), raw);
    assertTrue(raw.contains("[native]"), raw);
    assertTrue(raw.contains("com/acme/Shop.load com/acme/Shop.java:3"), raw);
  }

  @Test
  void emptyAndFullProfiles_areValid() throws Exception {
    String empty = pprof(new Profile(ProfileType.WALL), "-raw");
    assertTrue(empty.contains("PeriodType: wall nanoseconds"), empty);
    Profile full = new Profile(ProfileType.MUTEX);
    for (int i = 0; i < 40_000; i++) {
      int frame = full.frame("A" + i, "a", null, null, i, FrameKind.JAVA);
      full.add(full.stack(new int[] {frame}, 1, false), i + 1L, i, i, "/" + i, 1, 10);
    }
    String top = pprof(full, "-top", "-sample_index=delay", "-nodecount=1");
    assertTrue(top.contains("Total samples = 400us"), top);
  }
}
