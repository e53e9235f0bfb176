package io.sonde.profiler;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What profiling has cost so far, what it was allowed to, and how far samples are thinned for that.
 *
 * <p>Written by the profiler's thread, read by anyone at any time.
 */
public final class Expense {
  /** Of this process's profiler. */
  public static final Expense PROFILER = new Expense();

  /** Commands may change what is sampled again and again. */
  private static final int MOST_WAYS = 16;

  private final AtomicLong time = new AtomicLong();
  private final AtomicLong own = new AtomicLong();
  private final AtomicLong taking = new AtomicLong();
  private final AtomicLong allowed = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong windows = new AtomicLong();
  private final AtomicLong over = new AtomicLong();
  private volatile Reached now = new Reached(new int[Governor.Kind.values().length], 0, 0);
  private volatile String last = "";
  private boolean complained;

  /** By who takes the samples and of what. */
  private final Map<String, Reached> reached = new HashMap<>();

  private String key = "";

  /** What a governor had come to with samples of one kind. */
  static final class Reached {
    /** How far they were thinned. */
    final int[] steps;

    /** What they cost, of what they may. */
    final double load;

    /** After so many windows. */
    final long windows;

    Reached(int[] steps, double load, long windows) {
      this.steps = steps;
      this.load = load;
      this.windows = windows;
    }
  }

  /** Nothing so far. */
  Expense() {}

  void add(
      long windowNanos,
      long own,
      long taking,
      long allowed,
      long allowedTaking,
      long bytes,
      boolean over) {
    time.addAndGet(windowNanos);
    this.own.addAndGet(own);
    this.taking.addAndGet(taking);
    this.allowed.addAndGet(allowed);
    this.bytes.addAndGet(bytes);
    windows.incrementAndGet();
    if (over) {
      this.over.incrementAndGet();
    }
    last =
        String.format(
            Locale.ROOT,
            "%.2f %% of a core, %.2f %% own threads and about %.2f %% the application's, of %.2f %%"
                + " allowed, %.2f %% the application's; %.1f MiB a second",
            (own + taking) * 100.0 / windowNanos,
            own * 100.0 / windowNanos,
            taking * 100.0 / windowNanos,
            allowed * 100.0 / windowNanos,
            allowedTaking * 100.0 / windowNanos,
            bytes * 1e9 / windowNanos / (1 << 20));
  }

  /** An engine begins; what there was when samples were last taken in this way. */
  synchronized Reached begin(boolean byNative, String sampled) {
    key = (byNative ? "native " : "") + sampled;
    Reached before = reached.get(key);
    now = before == null ? new Reached(new int[now.steps.length], 0, 0) : before;
    return now;
  }

  /** One more window. */
  synchronized void reached(int[] steps, double load) {
    now = new Reached(steps.clone(), load, now.windows + 1);
    if (reached.size() < MOST_WAYS || reached.containsKey(key)) {
      reached.put(key, now);
    }
  }

  /** How many times fewer samples of that kind there are than without a budget. */
  public long thinned(Governor.Kind kind) {
    return 1L << now.steps[kind.at];
  }

  /** CPU time of the profiler's threads. */
  public long ownNanos() {
    return own.get();
  }

  /** CPU time that the application's threads took for it, by the number of what they did. */
  public long takingNanos() {
    return taking.get();
  }

  /** CPU time that the budget allowed in the same time. */
  public long allowedNanos() {
    return allowed.get();
  }

  /** What the profiler's threads allocated. */
  public long bytes() {
    return bytes.get();
  }

  /** Windows that cost more than they were allowed to. */
  public long over() {
    return over.get();
  }

  /** Whether a complaint about it is the first one. */
  synchronized boolean complains() {
    boolean first = !complained;
    complained = true;
    return first;
  }

  /** What the last window cost. */
  String last() {
    return last;
  }

  /** What the last window cost, and what was done about it; empty before the first one. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(last);
    if (text.length() == 0) {
      return "";
    }
    text.append("; over in ").append(over).append(" of ").append(windows).append(" windows");
    String before = "; thinned: ";
    for (Governor.Kind kind : Governor.Kind.values()) {
      if (thinned(kind) > 1) {
        text.append(before).append(kind.name().toLowerCase(Locale.ROOT));
        text.append(" to 1 in ").append(thinned(kind));
        before = ", ";
      }
    }
    return text.append(before.equals(", ") ? "" : "; nothing is thinned").toString();
  }
}
