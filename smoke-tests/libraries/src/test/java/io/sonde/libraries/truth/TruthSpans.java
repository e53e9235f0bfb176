package io.sonde.libraries.truth;

import io.sonde.testing.ReceivedSpan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The spans of a run, found by the numbers of their requests. */
final class TruthSpans {
  /** The bit of a request's second query. */
  private static final int SECOND_QUERY = 0x2000;

  private final Map<Integer, String> requests = new HashMap<>();
  private final Map<Integer, List<ReceivedSpan>> below = new HashMap<>();

  TruthSpans(List<ReceivedSpan> spans) {
    Map<String, Integer> numbers = new HashMap<>();
    for (ReceivedSpan span : spans) {
      String path = String.valueOf(span.attribute("url.path"));
      if (span.kind() == ReceivedSpan.Kind.SERVER && path.matches("/[a-z]+/[0-9a-f]{4}")) {
        int number = Integer.parseInt(path.substring(path.lastIndexOf('/') + 1), 16);
        requests.put(number, span.spanId());
        numbers.put(span.spanId(), number);
      }
    }
    Map<String, ReceivedSpan> all = new HashMap<>();
    spans.forEach(span -> all.put(span.spanId(), span));
    for (ReceivedSpan span : spans) {
      ReceivedSpan up = span;
      while (up != null && !numbers.containsKey(up.spanId())) {
        up = all.get(up.parentSpanId());
      }
      if (up != null && up != span) {
        below.computeIfAbsent(numbers.get(up.spanId()), n -> new ArrayList<>()).add(span);
      }
    }
  }

  /** The request's own span, empty where it did not arrive. */
  String request(int number) {
    return requests.getOrDefault(number & ~SECOND_QUERY, "");
  }

  /** The spans that may be right for what a stack says; empty where they did not arrive. */
  Set<String> right(TruthSample.Told told) {
    String request = request(told.number());
    if (request.isEmpty()) {
      return Set.of();
    }
    List<ReceivedSpan> inner = below.getOrDefault(told.number() & ~SECOND_QUERY, List.of());
    switch (told.mark()) {
      case "query":
        String text = (told.number() & SECOND_QUERY) == 0 ? "BURN_A" : "BURN_B";
        return inner.stream()
            .filter(span -> isQuery(span, text))
            .map(ReceivedSpan::spanId)
            .collect(Collectors.toSet());
      case "around":
        Set<String> either = new HashSet<>(Set.of(request));
        inner.forEach(span -> either.add(span.spanId()));
        return either;
      default:
        return Set.of(request);
    }
  }

  /** By the stable conventions or the ones before. */
  private static boolean isQuery(ReceivedSpan span, String text) {
    return String.valueOf(span.attribute("db.query.text")).contains(text)
        || String.valueOf(span.attribute("db.statement")).contains(text);
  }
}
