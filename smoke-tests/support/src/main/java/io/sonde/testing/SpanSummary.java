package io.sonde.testing;

import io.sonde.testing.ReceivedSpan.Kind;
import io.sonde.testing.ReceivedSpan.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts and durations of spans by service, kind and name, as a table; bounded in rows and bytes.
 */
final class SpanSummary {
  private static final int MOST_ROWS = 200;
  private static final int SAMPLES = 4_096;

  private final Map<Key, Row> rows =
      new TreeMap<>(
          Comparator.comparing(Key::service).thenComparing(Key::kind).thenComparing(Key::name));

  private record Key(String service, Kind kind, String name) {}

  private static final class Row {
    final long[] durations = new long[SAMPLES];
    int count;
    int errors;

    String duration(double quantile) {
      int kept = Math.min(count, SAMPLES);
      long[] sorted = Arrays.copyOf(durations, kept);
      Arrays.sort(sorted);
      return Waterfall.duration(sorted[(int) Math.min(kept - 1L, Math.round(kept * quantile))]);
    }
  }

  synchronized void add(ReceivedSpan span) {
    Key key = new Key(span.service(), span.kind(), span.name());
    if (rows.size() >= MOST_ROWS && !rows.containsKey(key)) {
      key = new Key("(others)", Kind.UNSPECIFIED, "");
    }
    Row row = rows.computeIfAbsent(key, k -> new Row());
    row.durations[row.count % SAMPLES] = span.durationNanos();
    row.count++;
    if (span.status() == Status.ERROR) {
      row.errors++;
    }
  }

  synchronized String text() {
    List<String[]> cells = new ArrayList<>();
    cells.add(new String[] {"service", "kind", "span", "count", "errors", "p50", "p95"});
    rows.forEach(
        (key, row) ->
            cells.add(
                new String[] {
                  key.service(),
                  key.kind().name().toLowerCase(Locale.ROOT),
                  key.name(),
                  String.valueOf(row.count),
                  row.errors == 0 ? "" : String.valueOf(row.errors),
                  row.duration(0.5),
                  row.duration(0.95)
                }));
    int[] widths = new int[7];
    for (String[] line : cells) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line[i].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] line : cells) {
      for (int i = 0; i < widths.length; i++) {
        String gap = " ".repeat(widths[i] - line[i].length());
        text.append(i < 3 ? line[i] + gap : gap + line[i]).append("  ");
      }
      text.append('\n');
    }
    return text.toString();
  }
}
