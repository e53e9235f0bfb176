package io.sonde.testing;

import io.sonde.testing.ReceivedSpan.Kind;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The spans of one trace id that have arrived so far, ordered by start. */
public record Trace(String traceId, List<ReceivedSpan> spans) {

  public Trace {
    spans = spans.stream().sorted(Comparator.comparingLong(ReceivedSpan::startEpochNanos)).toList();
  }

  /** Spans whose parent has not arrived: true roots first, then orphans. */
  public List<ReceivedSpan> tops() {
    Set<String> ids = new HashSet<>();
    for (ReceivedSpan span : spans) {
      ids.add(span.spanId());
    }
    return spans.stream()
        .filter(span -> !ids.contains(span.parentSpanId()))
        .sorted(Comparator.comparing((ReceivedSpan span) -> !span.isRoot()))
        .toList();
  }

  /** The span without a parent; fails if there is not exactly one. */
  public ReceivedSpan root() {
    return only("root", ReceivedSpan::isRoot);
  }

  public List<ReceivedSpan> childrenOf(ReceivedSpan parent) {
    return spans.stream().filter(span -> span.parentSpanId().equals(parent.spanId())).toList();
  }

  /** The only child of this span; fails if there is not exactly one. */
  public ReceivedSpan onlyChildOf(ReceivedSpan parent) {
    return only("child of " + parent.name(), span -> span.parentSpanId().equals(parent.spanId()));
  }

  /** The only span of this kind; fails if there is not exactly one. */
  public ReceivedSpan only(Kind kind) {
    return only(kind + " span", span -> span.kind() == kind);
  }

  /** The only span that matches; fails, showing the trace, if there is not exactly one. */
  public ReceivedSpan only(String description, Predicate<ReceivedSpan> filter) {
    List<ReceivedSpan> found = spans.stream().filter(filter).toList();
    if (found.size() != 1) {
      throw new AssertionError(
          "expected exactly one " + description + ", found " + found.size() + " in\n" + this);
    }
    return found.get(0);
  }

  @Override
  public String toString() {
    return Waterfall.plain().render(this);
  }
}
