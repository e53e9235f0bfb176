package io.sonde.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaterfallTest {
  private static final long MS = 1_000_000;

  private final ReceivedSpan server =
      span("shop", "1", "", "POST /orders", Kind.SERVER, 0, 100, Map.of("http.route", "/orders"));
  private final ReceivedSpan call =
      span("shop", "2", "1", "GET", Kind.CLIENT, 10, 50, Map.of("http.response.status_code", 200L));
  private final ReceivedSpan stock =
      span("stock", "3", "2", "GET /stock/{id}", Kind.SERVER, 20, 45, Map.of());
  private final ReceivedSpan insert =
      span(
          "shop",
          "4",
          "1",
          "INSERT orders",
          Kind.CLIENT,
          60,
          90,
          Map.of("db.query.text", "INSERT INTO orders\n VALUES (?, ?)"));

  @Test
  void trace_is_drawn_as_tree_on_one_axis() {
    String picture =
        new Waterfall(80, false).render(new Trace("t", List.of(insert, stock, call, server)));

    List<String> lines = picture.lines().toList();
    assertEquals("trace t  4 spans, 2 services, 100.0 ms", lines.get(0));
    assertTrue(lines.get(1).startsWith("shop  server  POST /orders"), picture);
    assertTrue(lines.get(2).contains("route=/orders"), picture);
    assertTrue(lines.get(3).startsWith("├─ shop  client  GET"), picture);
    assertTrue(lines.get(4).startsWith("│"), picture);
    assertTrue(lines.get(4).contains("status=200"), picture);
    assertTrue(lines.get(5).startsWith("│ └─ stock  server  GET /stock/{id}"), picture);
    assertTrue(lines.get(6).startsWith("└─ shop  client  INSERT orders"), picture);
    assertTrue(lines.get(7).contains("INSERT INTO orders VALUES (?, ?)"), picture);
    int axis = lines.get(1).indexOf('▕');
    for (int line : new int[] {3, 5, 6}) {
      assertEquals(axis, lines.get(line).indexOf('▕'), picture);
      assertTrue(lines.get(line).indexOf('█') > axis + 1, picture);
    }
    assertFalse(picture.contains("\u001b"), picture);
  }

  @Test
  void no_line_is_wider_than_asked_for() {
    ReceivedSpan wordy =
        span(
            "s", "5", "1", "x".repeat(300), Kind.CLIENT, 0, 1, Map.of("url.full", "y".repeat(300)));
    String picture = new Waterfall(72, false).render(new Trace("t", List.of(server, wordy)));

    picture.lines().forEach(line -> assertTrue(line.length() <= 72, line.length() + ": " + line));
  }

  @Test
  void error_is_marked_with_and_without_colours() {
    ReceivedSpan failed =
        new ReceivedSpan(
            Map.of(),
            "",
            "",
            "t",
            "9",
            "",
            "",
            0,
            "GET /broken",
            Kind.SERVER,
            0,
            MS,
            Map.of("error.type", "java.lang.IllegalStateException"),
            List.of(),
            List.of(),
            Status.ERROR,
            "",
            0);
    Trace trace = new Trace("t", List.of(failed));

    assertTrue(new Waterfall(80, false).render(trace).contains("GET /broken  ✗"));
    assertTrue(
        new Waterfall(80, false).render(trace).contains("error=java.lang.IllegalStateException"));
    assertTrue(new Waterfall(80, true).render(trace).contains("\u001b[31m"));
  }

  @Test
  void span_whose_parent_is_missing_is_drawn_at_the_top() {
    String picture = Waterfall.plain().render(new Trace("t", List.of(stock)));

    assertTrue(picture.lines().toList().get(1).startsWith("stock  server"), picture);
  }

  @Test
  void durations_are_given_in_a_fitting_unit() {
    assertEquals("12 µs", Waterfall.duration(12_345));
    assertEquals("12.3 ms", Waterfall.duration(12_345_678));
    assertEquals("12.35 s", Waterfall.duration(12_345_678_901L));
  }

  private static ReceivedSpan span(
      String service,
      String id,
      String parent,
      String name,
      Kind kind,
      long startMs,
      long endMs,
      Map<String, Object> attributes) {
    return new ReceivedSpan(
        Map.of("service.name", service),
        "",
        "",
        "t",
        id,
        parent,
        "",
        0,
        name,
        kind,
        startMs * MS,
        endMs * MS,
        attributes,
        List.of(),
        List.of(),
        Status.UNSET,
        "",
        0);
  }
}
