package io.sonde.backends;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What Prometheus's own tool says of pages and rules. */
final class Promtool {
  /** Their names are the conventions' own. */
  private static final Set<String> REMARKS =
      Set.of(
          "db_client_connection_count",
          "jvm_buffer_count",
          "jvm_class_count",
          "jvm_cpu_count",
          "jvm_file_descriptor_count",
          "jvm_thread_count");

  /** Jaeger asks for milliseconds. */
  private static final String JAEGERS_UNIT =
      "traces_span_metrics_duration_milliseconds use base unit \"seconds\" instead of \"milliseconds\"";

  private Promtool() {}

  /** It has nothing to say of a page but what is known. */
  static void assertNoComplaint(Path folder, String page) throws Exception {
    Path text = Files.writeString(folder.resolve("page.txt"), Backend.get(page).body());
    String promtool = Backend.program("prometheus", "promtool");
    List<String> complaints =
        new ArrayList<>(Backend.run(text, promtool, "check", "metrics").text().lines().toList());
    complaints.remove(JAEGERS_UNIT);
    complaints.removeIf(
        line ->
            REMARKS.contains(line.split(" ")[0]) && line.contains("should not have \"_count\""));
    assertEquals(List.of(), complaints);
  }

  /** It does that without an error. */
  static void run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(Backend.program("prometheus", "promtool")));
    command.addAll(List.of(arguments));
    Backend.Said said = Backend.run(Path.of("/dev/null"), command.toArray(String[]::new));
    assertEquals(0, said.code(), said.text());
  }
}
