package io.sonde.profiler.jfr;

import io.sonde.profiler.AllocatedBytes;
import io.sonde.profiler.Governor;
import java.util.Arrays;

/**
 * When allocation events are on: their number, and how far the governor thins them, decides how the
 * next window samples, all of the time, for a half of it, a quarter or an eighth, or only some by
 * chance; and the times at which they were on decide what an event of this one stands for.
 */
final class Duty {
  /** So many a second at the most. */
  private static final int MOST = 500;

  /** The shortest part of the time is one halved so often. */
  private static final int MOST_HALVINGS = 3;

  private static final long SECOND = 1_000_000_000L;

  /** They are on once in so many seconds, or once in a shorter window. */
  private static final int PERIOD = 5;

  /** Windows after which the many are counted again. */
  private static final int PATIENCE = 20;

  private AllocationMode mode = AllocationMode.ALL;
  private int halvings;
  private long onSince; // 0 while off
  private long onNanos;
  private long windowBytes;
  private long windowBytesThen;

  /** The bytes of the window before are in this one's. */
  private boolean left;

  private final AllocatedBytes allocated;
  private final Governor governor;
  private final long period;
  private long begun;
  private int windows;
  private boolean wasShared;
  private boolean givesWay;
  private boolean gaveWay;
  private long[] edges = new long[16];
  private int edgeCount;

  /**
   * @param shared whether somebody records already
   */
  Duty(AllocatedBytes allocated, Governor governor, long windowNanos, boolean shared) {
    period = Math.min(PERIOD * SECOND, windowNanos);
    this.allocated = allocated;
    this.governor = governor;
    wasShared = shared;
    windowBytesThen = allocated.now();
    if (shared) {
      change(AllocationMode.SAMPLED);
    } else {
      thin(0); // from where it had come to before, if it was on
    }
  }

  AllocationMode mode() {
    return mode;
  }

  /** A window begins. */
  void begin(long now) {
    begun = now;
    onNanos = 0;
    edgeCount = 0;
    onSince = 0;
    gaveWay = givesWay;
  }

  /** Whether somebody records, who is to have none of these events. */
  void giveWay(boolean gives) {
    givesWay = gives;
    gaveWay |= gives;
  }

  /** Whether somebody does, as of the last look. */
  boolean givesWay() {
    return givesWay;
  }

  /** Whether the events should be on at this time. */
  boolean wanted(long now) {
    return !givesWay
        && (mode == AllocationMode.ALL
            || mode == AllocationMode.DUTY && (now - begun) % period < period >> halvings);
  }

  boolean isOn() {
    return onSince != 0;
  }

  void on(long now) {
    onSince = now;
    edge(now);
  }

  void off(long now) {
    if (onSince != 0) {
      onNanos += now - onSince;
      onSince = 0;
      edge(now);
    }
  }

  private void edge(long now) {
    if (edgeCount == edges.length) {
      edges = Arrays.copyOf(edges, edgeCount * 2);
    }
    edges[edgeCount++] = now;
  }

  /** Whether ours were on then: others may have had them on at other times. */
  boolean covers(long nanos) {
    for (int i = 0; i + 1 < edgeCount; i += 2) {
      if (nanos - edges[i] >= 0 && nanos - edges[i + 1] <= 0) {
        return true;
      }
    }
    return false;
  }

  /** The window is over: what was allocated from here on is the next one's. */
  void end(long now) {
    off(now);
    windowBytes = allocated.now() - windowBytesThen;
  }

  /** Forgets a window that nobody reads. */
  void skip() {
    windowBytesThen = allocated.now();
  }

  /**
   * What an event stands for where not each of them is seen: what the JVM counted in the window by
   * what the events sum up to, or the time by the time they were on where the JVM does not count.
   */
  double factor(long windowNanos, double eventBytes) {
    boolean whole = isWhole();
    if (!whole && eventBytes <= 0 && !left) {
      left = true;
      return 1; // a window that saw no event leaves its bytes to the next, and no further
    }
    left = false;
    windowBytesThen += windowBytes;
    if (whole) {
      return 1;
    }
    if (allocated.isExact() && windowBytes > 0 && eventBytes > 0) {
      return windowBytes / eventBytes;
    }
    return mode == AllocationMode.SAMPLED || onNanos <= 0
        ? 1
        : Math.max(1, (double) windowNanos / onNanos);
  }

  /** Whether each event of the window was seen. */
  private boolean isWhole() {
    return mode == AllocationMode.ALL && !gaveWay && !left;
  }

  /** Decides for the next window by the events of this one. */
  void next(long events, boolean shared) {
    windows++;
    boolean alone = wasShared && !shared;
    wasShared = shared;
    if (shared) {
      change(AllocationMode.SAMPLED);
    } else if (onNanos > 0) {
      thin(events * (double) SECOND / onNanos);
    } else if (alone || windows > PATIENCE) {
      halvings = MOST_HALVINGS;
      change(AllocationMode.DUTY);
    }
  }

  private void thin(double perSecond) {
    halvings = governor.step(Governor.Kind.ALLOCATIONS);
    while (halvings <= MOST_HALVINGS && perSecond > MOST << halvings) {
      halvings++;
    }
    change(
        halvings == 0
            ? AllocationMode.ALL
            : halvings <= MOST_HALVINGS ? AllocationMode.DUTY : AllocationMode.SAMPLED);
  }

  private void change(AllocationMode to) {
    if (to != mode) {
      mode = to;
      windows = 0;
    }
  }
}
