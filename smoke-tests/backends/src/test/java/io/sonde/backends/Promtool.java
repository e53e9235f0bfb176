package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What Prometheus's own tool says of pages and rules. */
final class Promtool {
  /** Jaeger asks for milliseconds. */
  static final String JAEGERS_UNIT =
      "traces_span_metrics_duration_milliseconds use base unit \"seconds\" instead of \"milliseconds\"";

  /** Its exit code where it remarks anything. */
  private static final int REMARKED = 3;

  private Promtool() {}

  /** It remarks that on a page, and nothing else. */
  static void assertRemarks(Path folder, String page, String... remarks) throws Exception {
    Path text = Files.writeString(folder.resolve("page.txt"), Backend.get(page).body());
    String promtool = Backend.program("prometheus", "promtool");
    Backend.Said said = Backend.run(text, promtool, "check", "metrics");
    assertEquals(List.of(remarks), said.text().lines().toList());
    assertEquals(remarks.length == 0 ? 0 : REMARKED, said.code());
  }

  /** It does that without an error. */
  static void run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Backend.program("prometheus", "promtool")));
    command.addAll(List.of(arguments));
    Backend.Said said = Backend.run(Path.of("/dev/null"), command.toArray(String[]::new));
    assertEquals(0, said.code(), said.text());
  }
}
