package io.sonde.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir Path folder;

  @Test
  void only_the_measured_part_of_the_page_is_replaced() throws Exception {
    Path page = folder.resolve("page.md");
    Files.writeString(page, "# Title\n\nBefore.\n");
    write(page, 3L << 20);
    Files.writeString(page, Files.readString(page) + "\nAfter.\n");
    write(page, 10L << 20);

    String text = Files.readString(page);
    assertTrue(text.startsWith("# Title\n\nBefore.\n"), text);
    assertTrue(text.endsWith("\nAfter.\n"), text);
    assertTrue(text.contains("| agent jar | ≤ 9 MiB | 10.0 MiB | **no** |"), text);
    assertEquals(1, text.split("agent jar", -1).length - 1, text);
  }

  @Test
  void unknown_option_is_named() {
    Settings.UsageException error =
        assertThrows(
            Settings.UsageException.class, () -> Settings.parse(List.of("--fast"), Map.of()));
    assertEquals("unknown option --fast", error.getMessage());
  }

  private static void write(Path page, long jar) throws Exception {
    Report report = new Report(Settings.parse(List.of("--out=" + page), Map.of()));
    report.addJars(jar, null);
    report.write("command", "machine");
  }
}
