package io.sonde.testing;

import io.sonde.testing.ReceivedSpan.Event;
import io.sonde.testing.ReceivedSpan.Status;
import java.io.Console;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Draws a trace for a terminal: the tree of its spans on the left, their bars on one time axis on
 * the right, the attributes that say most below the name.
 */
public final class Waterfall {

  /** Attributes worth a place in the picture, in this order; the first of a group wins. */
  private static final List<List<String>> KEYS =
      List.of(
          List.of("url.full", "url.path", "http.route"),
          List.of("http.response.status_code"),
          List.of("db.query.text", "db.statement"),
          List.of("messaging.destination.name"),
          List.of("error.type"));

  private static final int NARROWEST = 60;
  private static final int WIDEST = 160;

  /** Columns for the duration, the ends of the bar and the gaps. */
  private static final int BESIDE_BAR = 13;

  private static final String RESET = "\u001b[0m";
  private static final String BOLD = "\u001b[1m";
  private static final String DIM = "\u001b[2m";
  private static final String RED = "\u001b[31m";
  private static final String[] SERVICE_COLOURS = {
    "\u001b[36m", "\u001b[33m", "\u001b[35m", "\u001b[32m", "\u001b[34m"
  };

  private final int width;
  private final boolean colours;

  public Waterfall(int width, boolean colours) {
    this.width = Math.max(NARROWEST, Math.min(WIDEST, width));
    this.colours = colours;
  }

  /** Without colours, for failure messages and files. */
  public static Waterfall plain() {
    return new Waterfall(110, false);
  }

  /**
   * For this process's standard output: colours only on a terminal and not with NO_COLOR, the width
   * from COLUMNS.
   */
  public static Waterfall forTerminal() {
    Map<String, String> env = System.getenv();
    boolean terminal = isTerminal() && !"dumb".equals(env.get("TERM"));
    boolean colours =
        (terminal && !env.containsKey("NO_COLOR")) || env.containsKey("CLICOLOR_FORCE");
    int columns = 110;
    try {
      columns = Integer.parseInt(env.getOrDefault("COLUMNS", "110").trim());
    } catch (NumberFormatException e) {
      // an unusable COLUMNS is as good as none
    }
    return new Waterfall(columns, colours);
  }

  @SuppressWarnings("SystemConsoleNull") // null before JDK 22, asked after
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // before 22 a console is a terminal
    }
  }

  /** All traces, one below the other; says so when there is none. */
  public String render(List<Trace> traces) {
    if (traces.isEmpty()) {
      return "(no spans)\n";
    }
    StringBuilder out = new StringBuilder();
    for (Trace trace : traces) {
      out.append(render(trace)).append('\n');
    }
    return out.toString();
  }

  /** One trace, ending in a line break. */
  public String render(Trace trace) {
    if (trace.spans().isEmpty()) {
      return "trace " + trace.traceId() + " (no spans)\n";
    }
    Map<String, String> colourOf = new LinkedHashMap<>();
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    for (ReceivedSpan span : trace.spans()) {
      from = Math.min(from, span.startEpochNanos());
      to = Math.max(to, span.endEpochNanos());
      colourOf.putIfAbsent(
          span.service(), SERVICE_COLOURS[colourOf.size() % SERVICE_COLOURS.length]);
    }
    List<Row> rows = new ArrayList<>();
    for (ReceivedSpan top : trace.tops()) {
      collect(trace, top, "", "", rows);
    }
    return new Drawing(rows, from, to, colourOf).draw(trace);
  }

  private static void collect(
      Trace trace, ReceivedSpan span, String branch, String indent, List<Row> rows) {
    if (rows.size() > trace.spans().size()) {
      return; // spans that are each other's parents
    }
    List<ReceivedSpan> children = trace.childrenOf(span);
    rows.add(new Row(span, branch, indent + (children.isEmpty() ? "  " : "│ ")));
    for (int i = 0; i < children.size(); i++) {
      boolean last = i == children.size() - 1;
      collect(
          trace,
          children.get(i),
          indent + (last ? "└─" : "├─"),
          indent + (last ? "  " : "│ "),
          rows);
    }
  }

  /** A span with what is drawn before its name and before its attributes. */
  private record Row(ReceivedSpan span, String branch, String indent) {
    String label() {
      return branch
          + (branch.isEmpty() ? "" : " ")
          + span.service()
          + "  "
          + span.kind().name().toLowerCase(Locale.ROOT)
          + "  "
          + span.name()
          + (failed(span) ? "  ✗" : "");
    }
  }

  private final class Drawing {
    private final List<Row> rows;
    private final long from;
    private final double total;
    private final Map<String, String> colourOf;
    private final int labelWidth;
    private final int barWidth;

    Drawing(List<Row> rows, long from, long to, Map<String, String> colourOf) {
      this.rows = rows;
      this.from = from;
      this.total = Math.max(1, to - from);
      this.colourOf = colourOf;
      int longest = rows.stream().mapToInt(row -> row.label().length()).max().orElse(0);
      int leastBar = Math.max(14, width / 4);
      this.labelWidth = Math.min(longest, width - leastBar - BESIDE_BAR);
      this.barWidth = width - labelWidth - BESIDE_BAR;
    }

    String draw(Trace trace) {
      StringBuilder out = new StringBuilder();
      out.append(paint(BOLD, "trace " + trace.traceId()))
          .append("  ")
          .append(count(trace.spans().size(), "span"))
          .append(", ")
          .append(count(colourOf.size(), "service"))
          .append(", ")
          .append(duration((long) total))
          .append('\n');
      for (Row row : rows) {
        ReceivedSpan span = row.span();
        String colour = failed(span) ? RED : colourOf.getOrDefault(span.service(), "");
        String label = row.label();
        out.append(paint(failed(span) ? RED : "", fit(label, labelWidth)))
            .append(" ")
            .append(String.format(Locale.ROOT, "%9s", duration(span.durationNanos())))
            .append(" ▕")
            .append(paint(colour, bar(span)))
            .append("▏\n");
        String details = details(span);
        if (!details.isEmpty()) {
          out.append(paint(DIM, cut(row.indent() + "  " + details, width))).append('\n');
        }
      }
      return out.toString();
    }

    private String bar(ReceivedSpan span) {
      int begin = (int) ((span.startEpochNanos() - from) / total * barWidth);
      begin = Math.max(0, Math.min(barWidth - 1, begin));
      int length = (int) Math.round(span.durationNanos() / total * barWidth);
      length = Math.max(1, Math.min(barWidth - begin, length));
      return " ".repeat(begin) + "█".repeat(length) + " ".repeat(barWidth - begin - length);
    }
  }

  private static String details(ReceivedSpan span) {
    List<String> parts = new ArrayList<>();
    for (List<String> group : KEYS) {
      for (String key : group) {
        Object value = span.attribute(key);
        if (value != null) {
          String text = value.toString().replaceAll("\\s+", " ");
          parts.add(shortName(key) + text);
          break;
        }
      }
    }
    for (Event event : span.events()) {
      Object type = event.attributes().get("exception.type");
      Object message = event.attributes().get("exception.message");
      parts.add(type == null ? event.name() : type + (message == null ? "" : ": " + message));
    }
    if (!span.statusMessage().isEmpty()) {
      parts.add(span.statusMessage());
    }
    return String.join("  ", parts);
  }

  private static String shortName(String key) {
    return switch (key) {
      case "http.route" -> "route=";
      case "http.response.status_code" -> "status=";
      case "messaging.destination.name" -> "destination=";
      case "error.type" -> "error=";
      default -> ""; // a URL or a query speaks for itself
    };
  }

  private static boolean failed(ReceivedSpan span) {
    return span.status() == Status.ERROR;
  }

  private String paint(String colour, String text) {
    return colours && !colour.isEmpty() ? colour + text + RESET : text;
  }

  private static String count(int n, String what) {
    return n + " " + what + (n == 1 ? "" : "s");
  }

  private static String fit(String text, int width) {
    String cut = cut(text, width);
    return cut + " ".repeat(width - cut.length());
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
  }

  static String duration(long nanos) {
    if (nanos < 0) {
      return "-" + duration(-nanos);
    }
    if (nanos < 1_000_000) {
      return String.format(Locale.ROOT, "%.0f µs", nanos / 1e3);
    }
    if (nanos < 1_000_000_000) {
      return String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
    }
    return String.format(Locale.ROOT, "%.2f s", nanos / 1e9);
  }
}
