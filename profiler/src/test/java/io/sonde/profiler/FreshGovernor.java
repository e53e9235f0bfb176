package io.sonde.profiler;

/** Governors that begin anew, and know of no engine but their own. */
public final class FreshGovernor {
  private FreshGovernor() {}

  /** For that plan's budget, where Flight Recorder takes the samples. */
  public static Governor of(Plan plan) {
    return new Governor(plan.budgetPercent, false, OwnWork.PROFILER, new Expense(), "", 0);
  }
}
