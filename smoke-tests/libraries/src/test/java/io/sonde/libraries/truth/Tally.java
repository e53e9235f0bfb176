package io.sonde.libraries.truth;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** How many samples have the span that their stack shows. */
final class Tally {
  int right;

  /** With the request's span where the stack shows one below it. */
  int outer;

  int wrong;
  int without;

  /** With a number whose spans did not arrive, so that nobody knows. */
  int unknown;

  /** What was not right, for messages. */
  final Map<String, Integer> faults = new TreeMap<>();

  static Tally of(List<TruthSample> samples, TruthSpans spans, Predicate<TruthSample.Told> counts) {
    Tally tally = new Tally();
    for (TruthSample sample : samples) {
      TruthSample.@Nullable Told told = sample.told();
      if (told != null && counts.test(told)) {
        tally.add(sample, told, spans);
      }
    }
    return tally;
  }

  private void add(TruthSample sample, TruthSample.Told told, TruthSpans spans) {
    Set<String> right = spans.right(told);
    if (right.isEmpty()) {
      unknown++;
      return;
    }
    if (right.contains(sample.span())) {
      this.right++;
      return;
    }
    String fault = "without";
    if (sample.span().isEmpty()) {
      without++;
    } else if (sample.span().equals(spans.request(told.number()))) {
      outer++;
      fault = "outer";
    } else {
      wrong++;
      fault = "wrong";
    }
    String where = sample.stack().stream().filter(Tally::isWay).findFirst().orElse("");
    faults.merge(
        fault + " " + sample.kind() + " " + told.mark() + " at " + sample.stack().get(0) + where,
        1,
        Integer::sum);
  }

  /** The way through the threads that the sample's work took. */
  private static boolean isWay(String frame) {
    return frame.startsWith("app.Requests.");
  }

  int all() {
    return right + outer + wrong + without;
  }

  double share(int of) {
    return all() == 0 ? 0 : 100.0 * of / all();
  }

  @Override
  public String toString() {
    return "%d right, %d outer, %d wrong, %d without, %d unknown"
        .formatted(right, outer, wrong, without, unknown);
  }
}
