package io.sonde.overhead;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The budgets of the design, each with what was measured. */
final class Budgets {
  private final StringBuilder rows = new StringBuilder();

  <S> Budgets ratio(String what, double limit, Rounds<S> rounds, ToDoubleFunction<S> metric) {
    if (!rounds.has(Variant.SONDE)) {
      return this;
    }
    return ratio(what, limit, rounds, Variant.SONDE, Variant.BARE, metric);
  }

  /** Of one variant against another one. */
  <S> Budgets ratio(
      String what,
      double limit,
      Rounds<S> rounds,
      String variant,
      String base,
      ToDoubleFunction<S> metric) {
    if (!rounds.has(variant)) {
      return this;
    }
    Spread ratios = rounds.ratios(variant, base, metric);
    return row(
        what,
        String.format(Locale.ROOT, "≤ %.2f ×", limit),
        ratios.asRatio(),
        ratios.median() <= limit);
  }

  <S> Budgets difference(
      String what, double limit, String unit, Rounds<S> rounds, ToDoubleFunction<S> metric) {
    if (!rounds.has(Variant.SONDE)) {
      return this;
    }
    Spread differences = rounds.differences(Variant.SONDE, Variant.BARE, metric);
    return row(
        what,
        String.format(Locale.ROOT, "≤ +%,.0f%s", limit, unit),
        differences.asDifference() + unit,
        differences.median() <= limit);
  }

  Budgets atMost(String what, double limit, String unit, double measured) {
    return row(
        what,
        String.format(Locale.ROOT, "≤ %.0f%s", limit, unit),
        String.format(Locale.ROOT, "%.1f%s", measured, unit),
        measured <= limit);
  }

  private Budgets row(String what, String limit, String measured, boolean holds) {
    rows.append("| ").append(what).append(" | ").append(limit).append(" | ").append(measured);
    rows.append(" | ").append(holds ? "yes" : "**no**").append(" |\n");
    return this;
  }

  @Override
  public String toString() {
    return "| Sonde's budget | limit | measured | holds |\n| --- | --- | --- | --- |\n" + rows;
  }
}
