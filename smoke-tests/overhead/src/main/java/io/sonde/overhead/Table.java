package io.sonde.overhead;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A Markdown table with a row for each metric and a column for each variant. */
final class Table<S> {
  private final StringBuilder text = new StringBuilder();
  private final Rounds<S> rounds;
  private final List<String> columns;
  private final String base;

  /** What is said beside the median: how it compares with the same round of the base. */
  enum Against {
    RATIO,
    DIFFERENCE
  }

  /** Compares with no agent. */
  Table(Rounds<S> rounds, String corner) {
    this(rounds, Variant.BARE, corner);
  }

  /** Compares with the variant that is the base. */
  Table(Rounds<S> rounds, String base, String corner) {
    this.rounds = rounds;
    this.base = base;
    this.columns = List.copyOf(rounds.variants());
    text.append("| ").append(corner).append(" | ").append(String.join(" | ", columns));
    text.append(" |\n|").append(" --- |".repeat(columns.size() + 1)).append('\n');
  }

  /** A row of medians in this format, compared with the base. */
  Table<S> row(String title, String format, ToDoubleFunction<S> metric, Against against) {
    return cells(
        title,
        columns.stream()
            .map(
                variant -> {
                  String median =
                      String.format(Locale.ROOT, format, rounds.values(variant, metric).median());
                  if (variant.equals(base)) {
                    return median;
                  }
                  return median
                      + " · "
                      + (against == Against.RATIO
                          ? rounds.ratios(variant, base, metric).asRatio()
                          : rounds.differences(variant, base, metric).asDifference());
                })
            .toArray(String[]::new));
  }

  /** A row of these cells. */
  Table<S> cells(String title, String... cells) {
    text.append("| ").append(title).append(" | ");
    text.append(String.join(" | ", Arrays.asList(cells))).append(" |\n");
    return this;
  }

  List<String> columns() {
    return columns;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
