package io.sonde.libraries.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.libraries.servers.Exchange;
import io.sonde.libraries.servers.Served;
import io.sonde.testing.ReceivedSpan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the lines must show that the application in {@code src/test/apps/logs} writes. */
interface LoggedLines {
  Duration PATIENCE = Duration.ofSeconds(20);

  /** The application under test. */
  Served served();

  /** What a pattern shows where there is no value. */
  String none();

  /** How many JSON lines an event makes. */
  default int jsonLines() {
    return 1;
  }

  /** The type of the map that a receiver of serialized events gets. */
  String serialized();

  @Test
  default void pattern_insideSpan_hasItsIds() {
    Exchange exchange = served().get("/inside-1");
    ReceivedSpan span = exchange.span();
    String ids = exchange.trace() + " " + span.spanId() + " 01";
    assertTrue(line("PATTERN", "inside-1").contains("[" + ids + "]"), ids);
    assertEquals(ids(exchange.trace(), span, "01"), all("PATTERN", "inside-1"));
  }

  @Test
  default void pattern_behindAsyncAppender_hasItsIds() {
    Exchange exchange = served().get("/inside-2");
    ReceivedSpan span = exchange.span();
    String ids = exchange.trace() + " " + span.spanId() + " 01";
    assertTrue(line("LATER", "inside-2").contains("[" + ids + "]"), ids);
    assertEquals(ids(exchange.trace(), span, "01"), all("LATER", "inside-2"));
  }

  @Test
  default void json_behindAsyncAppender_hasItsIds() {
    Exchange exchange = served().get("/inside-3");
    ReceivedSpan span = exchange.span();
    List<String> lines = jsonLines("inside-3");
    assertEquals(jsonLines(), lines.size(), lines.toString());
    for (String line : lines) {
      assertTrue(hasMember(line, "trace_id", exchange.trace()), line);
      assertTrue(hasMember(line, "span_id", span.spanId()), line);
      assertTrue(hasMember(line, "trace_flags", "01"), line);
    }
  }

  @Test
  default void pattern_notSampled_saysSo() {
    String trace = "ab".repeat(16);
    served().get("/inside-4", "traceparent", "00-" + trace + "-" + "cd".repeat(8) + "-00");
    assertTrue(
        Pattern.compile("\\[" + trace + " [0-9a-f]{16} 00]")
            .matcher(line("LATER", "inside-4"))
            .find());
  }

  @Test
  default void pattern_ownKey_isAdded() {
    Exchange exchange = served().get("/own-1?key=user&value=ann");
    Map<String, String> expected = ids(exchange.trace(), exchange.span(), "01");
    expected.put("user", "ann");
    assertEquals(expected, all("PATTERN", "own-1"));
    assertEquals(expected, all("LATER", "own-1"));
    assertTrue(jsonLines("own-1").stream().allMatch(line -> hasMember(line, "user", "ann")));
  }

  @Test
  default void pattern_ownTraceId_isKept() {
    Exchange exchange = served().get("/own-2?key=trace_id&value=mine");
    Map<String, String> expected = ids(exchange.trace(), exchange.span(), "01");
    expected.put("trace_id", "mine");
    assertEquals(expected, all("PATTERN", "own-2"));
    assertEquals(expected, all("LATER", "own-2"));
    assertTrue(jsonLines("own-2").stream().allMatch(line -> hasMember(line, "trace_id", "mine")));
  }

  @Test
  default void lines_outsideSpan_haveNoIds() {
    served().get("/outside-1");
    String none = "[" + none() + " " + none() + " " + none() + "]";
    assertTrue(line("PATTERN", "outside-1").contains(none));
    assertTrue(line("LATER", "outside-1").contains(none));
    assertEquals(Map.of(), all("PATTERN", "outside-1"));
    assertEquals(Map.of(), all("LATER", "outside-1"));
    assertFalse(jsonLines("outside-1").toString().contains("trace_id"));
  }

  @Test
  default void serialized_event_isReadWithoutTheAgent() {
    Exchange exchange = served().get("/special-1");
    assertEquals(
        "SERIALIZED "
            + serialized()
            + " "
            + ids(exchange.trace(), exchange.span(), "01")
            + " special-1",
        line("SERIALIZED", "special-1"));
  }

  private static Map<String, String> ids(String trace, ReceivedSpan span, String flags) {
    Map<String, String> ids = new TreeMap<>();
    ids.put("trace_id", trace);
    ids.put("span_id", span.spanId());
    ids.put("trace_flags", flags);
    return ids;
  }

  private static boolean hasMember(String json, String key, String value) {
    return Pattern.compile("\"" + key + "\" ?: ?\"" + value + "\"").matcher(json).find();
  }

  private String line(String appender, String message) {
    return served()
        .jvm()
        .awaitLine(Pattern.compile("^" + appender + " .* " + message + "$"), PATIENCE)
        .group();
  }

  /** The whole context as the pattern shows it. */
  private Map<String, String> all(String appender, String message) {
    String line = line(appender, message);
    String text = line.substring(line.indexOf('{') + 1, line.lastIndexOf('}'));
    Map<String, String> all = new TreeMap<>();
    for (String pair : text.split(", ")) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        all.put(parts[0], parts[1]);
      }
    }
    return all;
  }

  private List<String> jsonLines(String message) {
    Pattern json = Pattern.compile("^\\{.*\"" + message + "\"");
    served().jvm().awaitLine(json, PATIENCE);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> lines;
    do {
      lines = served().jvm().stdout().stream().filter(line -> json.matcher(line).find()).toList();
    } while (lines.size() < jsonLines() && System.nanoTime() < deadline);
    return lines;
  }
}
