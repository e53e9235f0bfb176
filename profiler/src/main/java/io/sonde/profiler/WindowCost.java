package io.sonde.profiler;

import io.sonde.profiler.Governor.Kind;
import java.util.Arrays;

/**
 * What a window cost against what it may cost, and what is left of that where less is sampled.
 *
 * <p>Each bound of the budget holds by itself: for all that profiling takes, for what the
 * application's threads take of it, and for garbage.
 */
final class WindowCost {
  /** What no profile has counts as if it took so many times as much. */
  private static final int VAIN = 4;

  /** Fewer samples a second say too little, and cost too little. */
  private static final long LEAST_PER_SECOND = 10;

  private static final double SECOND = 1e9;

  private final long[] events = new long[Kind.values().length];
  private final long[] costs = new long[Kind.values().length];
  private final long[] vain = new long[Kind.values().length];
  private long nanos;
  private double own;
  private double taking;
  private double garbage;
  private double allowed;
  private double allowedTaking;

  /** The share of samples that is left, which the profiler's own part goes by. */
  private double part = 1;

  private double all;

  /** So many of them were taken, and that is what it took. */
  void add(Kind kind, long count, long cost) {
    events[kind.at] += count;
    costs[kind.at] += cost;
  }

  /** That much of what was added was of no use. */
  void addVain(Kind kind, long cost) {
    vain[kind.at] += cost;
  }

  /** What taking all of them took. */
  long sum() {
    long sum = 0;
    for (long cost : costs) {
      sum += cost;
    }
    return sum;
  }

  /**
   * The window is over.
   *
   * @param own what the profiler's threads took
   * @param taking what the application's threads took
   * @param garbage in parts of what is allowed
   */
  void end(
      long nanos, long own, long taking, double garbage, double allowed, double allowedTaking) {
    this.nanos = nanos;
    this.own = own;
    this.taking = taking;
    this.garbage = garbage;
    this.allowed = allowed;
    this.allowedTaking = allowedTaking;
    all = Math.max(1, samples());
    part = 1;
  }

  /** How much of what is allowed that is, by the bound that leaves the least. */
  double share() {
    double most = Math.max((own * part + taking) / allowed, taking / allowedTaking);
    return Math.max(most, garbage * part);
  }

  /** What thinning these would save twice; nothing where there are too few of them. */
  double of(Kind kind) {
    if (events[kind.at] <= LEAST_PER_SECOND * nanos / SECOND) {
      return 0;
    }
    double cost = costs[kind.at] + (VAIN - 1) * vain[kind.at];
    if (kind == Kind.READINGS) {
      // The profiler's threads have nothing to do with these.
      return taking > allowedTaking ? cost : 0;
    }
    return cost + events[kind.at] * own * part / Math.max(1, samples());
  }

  /** As if half of these had been taken. */
  void halve(Kind kind) {
    taking -= costs[kind.at] / 2.0;
    events[kind.at] /= 2;
    costs[kind.at] /= 2;
    vain[kind.at] /= 2;
    part = samples() / all;
  }

  /** Another window begins. */
  void clear() {
    Arrays.fill(events, 0);
    Arrays.fill(costs, 0);
    Arrays.fill(vain, 0);
  }

  private long samples() {
    long sum = 0;
    for (long count : events) {
      sum += count;
    }
    return sum - events[Kind.READINGS.at];
  }
}
