package io.sonde.profiler;

import io.sonde.core.Costs;
import io.sonde.core.Messages;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Holds profiling within its budget: what its threads and the taking of samples cost in a window
 * decides how far apart samples are in the next one.
 *
 * <p>Each step leaves half of one kind of sample, of that which costs most; engines weigh what is
 * left so that sums stay right. There are as many at once as should do, two of each kind at the
 * most. A cost of less than two fifths of the budget takes one step back. Used by the profiler's
 * thread alone.
 */
public final class Governor {
  /**
   * What can be thinned, and what one sample costs the application's thread: by Flight Recorder,
   * and by async-profiler. {@code SampleCost} measures it; but there a stack's frames are in the
   * CPU's caches, and where a thread walks its own stack in a server they are not.
   */
  public enum Kind {
    /**
     * Looks at threads that compute, by a signal: on 25 the thread walks its own stack, before it
     * stands still while another one does, which the recorder's thread counts too.
     */
    CPU(0, 60_000, 0, 20_000, 5),
    /** Looks at all threads, by time; most of them sleep. */
    WALL(1, 5_000, 0, 5_000, 5),
    /** Events of allocation. */
    ALLOCATIONS(2, 2_000, 500, 7_000, 4),
    /** Waits: recorded for a part of the time. */
    WAITS(3, 2_000, 500, 7_000, 5),
    /** Exceptions: recorded for a part of the time. */
    EXCEPTIONS(4, 2_000, 500, 3_000, 5),
    /**
     * Readings of threads' CPU time, for what spans took: fewer traces have them. What one costs
     * this machine says.
     */
    READINGS(5, 0, 0, 0, 5);

    private final long nanos;

    /** For each frame of its stack on top of that. */
    private final long frameNanos;

    private final long nativeNanos;

    final int most;

    final int at;

    Kind(int at, long nanos, long frameNanos, long nativeNanos, int most) {
      this.at = at;
      this.nanos = nanos;
      this.frameNanos = frameNanos;
      this.nativeNanos = nativeNanos;
      this.most = most;
    }
  }

  /** What writing down a change of context takes; nobody can do without. */
  private static final long CHANGE_NANOS = 150;

  /** The event that says so, which is the first one of its thread. */
  private static final int START_NANOS = 2_500;

  /**
   * In a server a reading takes longer than at its fastest, as {@link Costs} found it, and there
   * are readings of bytes with it.
   */
  private static final int READING_TIMES = 3;

  /**
   * What the application's threads may take, in percent of their CPU time for each percent. They
   * pay some two times as much: by caches, and by whatever else nobody can count.
   */
  private static final double APPLICATION = 1;

  /** Windows in a row that were too dear and had nothing left to thin, before somebody is told. */
  private static final int STUCK = 20;

  /** A window's cost tells little by itself: collections of garbage, other processes. */
  private static final double NEW = 0.5;

  private static final double LITTLE = 0.4;

  /** A window like no other would have all thinned to its end, which takes long to come back. */
  private static final int MOST_AT_ONCE = 2;

  /** The first windows load classes and run in the interpreter. */
  private static final int COLD = 2;

  /** The first one of an engine that is started again has its start alone. */
  private static final int AGAIN = 1;

  private static final double SECOND = 1e9;

  /** Where the application sleeps there is a sample now and then all the same. */
  private static final int LEAST_LOAD = 20;

  /** Bytes a second for each percent. */
  private static final double BYTES = 4 << 20;

  private final double percent;
  private final boolean byNative;
  private final OwnWork work;
  private final Expense expense;
  private final WindowCost cost = new WindowCost();
  private final int[] steps;
  private long nanosThen;
  private long bytesThen;
  private long changesThen;
  private long starts;
  private long readingsThen;
  private double load;

  /** So many windows from now on are not judged. */
  private int cold;

  /** Windows of so many nanoseconds together are judged. */
  private final long least;

  // of those that are not judged yet
  private long shortNanos;
  private long shortCpu;

  private boolean unsettled;
  private int stuck;

  /** For this process, from where an engine had come to that did the same before. */
  public static Governor ofProcess(Plan plan) {
    return of(plan, false);
  }

  /** The same where async-profiler takes the samples. */
  public static Governor ofNative(Plan plan) {
    return of(plan, true);
  }

  private static Governor of(Plan plan, boolean byNative) {
    return new Governor(
        plan.budgetPercent,
        byNative,
        OwnWork.PROFILER,
        Expense.PROFILER,
        plan.sampled(),
        plan.windowNanos / 2);
  }

  /**
   * @param sampled what samples are taken of, and how often
   * @param least windows that are shorter are judged with the next one
   */
  Governor(
      double percent, boolean byNative, OwnWork work, Expense expense, String sampled, long least) {
    this.least = least;
    this.percent = percent;
    this.byNative = byNative;
    this.work = work;
    this.expense = expense;
    Expense.Reached reached = expense.begin(byNative, sampled);
    steps = reached.steps.clone();
    load = reached.load;
    cold = reached.windows == 0 ? COLD : AGAIN;
    work.look();
    nanosThen = work.nanos();
    bytesThen = work.bytes();
    changesThen = work.changes();
    readingsThen = work.readings();
    Costs.thin(step(Kind.READINGS));
  }

  /** What taking one with so many frames costs the application's thread, about. */
  long nanos(Kind kind, int frames) {
    return byNative ? kind.nativeNanos : kind.nanos + frames * kind.frameNanos;
  }

  /** How often the number of these is to be halved. */
  public int step(Kind kind) {
    return steps[kind.at];
  }

  /** The distance, doubled that often. */
  public long thinned(Kind kind, long distance) {
    return distance << step(kind);
  }

  /** Counts a sample of this window. */
  public void count(Kind kind, int frames) {
    count(kind, 1, frames);
  }

  /** Counts so many samples of this window. */
  public void count(Kind kind, long samples, int frames) {
    cost.add(kind, samples, samples * nanos(kind, frames));
  }

  /** Counts a thread that has started, of which an event said so. */
  public void started() {
    starts++;
  }

  /** Of those that were counted, this one is of no use. */
  public void inVain(Kind kind, int frames) {
    cost.addVain(kind, nanos(kind, frames));
  }

  /**
   * The window that is over next is not judged: it was begun before the latest step, of which it
   * says nothing, or cut short, and pays for the one before all the same.
   */
  public void excuse() {
    unsettled = true;
  }

  /**
   * The window is over; whether something is to be thinned otherwise than before.
   *
   * <p>The end of one costs as much where it is short, and others may have windows end early all of
   * the time: these are judged together.
   */
  public boolean window(long windowNanos, long windowCpu) {
    long nanos = shortNanos + windowNanos;
    long processCpu = shortCpu + windowCpu;
    boolean isShort = cold == 0 && !unsettled && nanos < least;
    shortNanos = isShort ? nanos : 0;
    shortCpu = isShort ? processCpu : 0;
    return !isShort && judge(nanos, processCpu);
  }

  private boolean judge(long nanos, long processCpu) {
    work.look();
    long own = work.nanos() - nanosThen;
    long bytes = work.bytes() - bytesThen;
    nanosThen += own;
    bytesThen += bytes;
    long taking = context();
    taking += cost.sum();
    double allowed = Math.max(1, percent / 100 * (nanos + processCpu));
    double allowedTaking =
        Math.max(1, APPLICATION * percent / 100 * Math.max(processCpu, nanos / LEAST_LOAD));
    double garbage = bytes / (percent * BYTES * nanos / SECOND);
    cost.end(nanos, own, taking, garbage, allowed, allowedTaking);
    boolean judged = percent > 0 && cold == 0 && !unsettled;
    cold = Math.max(0, cold - 1);
    unsettled = false;
    load = judged ? NEW * cost.share() + (1 - NEW) * load : load;
    boolean over = judged && cost.share() > 1 && load > 1;
    boolean changed = over ? thin() : judged && load < LITTLE && restore();
    expense.add(nanos, own, taking, (long) allowed, (long) allowedTaking, bytes, over);
    expense.reached(steps, load);
    if (judged) {
      stuck = over && !changed ? stuck + 1 : 0;
    }
    Costs.thin(step(Kind.READINGS));
    cost.clear();
    starts = 0;
    return changed;
  }

  /** Says where thinning does not do, once in the life of the process. */
  public void tell(Messages messages) {
    if (stuck >= STUCK && expense.complains()) {
      messages.warn(
          "profiling takes more than SONDE_PROFILER_BUDGET allows, and no more samples are left out"
              + " for it: "
              + expense.last()
              + String.format(Locale.ROOT, " of %.1f", percent * BYTES / (1 << 20)));
    }
  }

  /** Counts the readings of this window; what knowing the context of threads took. */
  private long context() {
    long changes = work.changes() - changesThen;
    long readings = work.readings() - readingsThen;
    changesThen += changes;
    readingsThen += readings;
    cost.add(Kind.READINGS, readings, readings * work.readingNanos() * READING_TIMES);
    return changes * CHANGE_NANOS + starts * START_NANOS;
  }

  /**
   * Leaves half of the dearest kind, again and again until what is left should do; what one window
   * alone would ask for counts half.
   */
  private boolean thin() {
    int[] before = steps.clone();
    double now = cost.share();
    double enough = Math.max(1, now / load);
    Kind dearest = dearest(before);
    while (dearest != null && cost.share() > enough) {
      cost.halve(dearest);
      steps[dearest.at]++;
      dearest = dearest(before);
    }
    load *= cost.share() / now;
    return !Arrays.equals(before, steps);
  }

  private @Nullable Kind dearest(int[] before) {
    Kind dearest = null;
    double most = 0;
    for (Kind kind : Kind.values()) {
      if (cost.of(kind) > most
          && step(kind) < Math.min(kind.most, before[kind.at] + MOST_AT_ONCE)) {
        most = cost.of(kind);
        dearest = kind;
      }
    }
    return dearest;
  }

  private boolean restore() {
    int thinnest = 0;
    for (int i = 1; i < steps.length; i++) {
      thinnest = steps[i] > steps[thinnest] ? i : thinnest;
    }
    if (steps[thinnest] == 0) {
      return false;
    }
    steps[thinnest]--;
    load *= 2;
    return true;
  }
}
