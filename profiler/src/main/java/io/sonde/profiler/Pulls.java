package io.sonde.profiler;

import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.Windows;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Profiles for those who ask: the windows of the continuous profile that begin after a request are
 * added up for it, so that no second recording is needed.
 *
 * <p>Windows come on the profiler's thread, requests on others. At most {@link #MAX} wait at a
 * time, each with one bounded profile, beside one larger one for each total.
 */
public final class Pulls implements Windows {
  /** How many wait at most; each wants two windows to end. */
  public static final int MAX = 4;

  /** How much of the time from the start on is counted at least before there is a first answer. */
  private static final long FIRST_MILLIS = 1000;

  /** The start of the profiler, the end of a window and reading it. */
  public static final long PATIENCE_MILLIS = 20_000;

  /** What a request waits besides where windows are rare. */
  public static final long RARE_MILLIS = 60_000;

  private static final long LOOK_MILLIS = 500;

  /**
   * What is added up for the JVM's life has so many times the room of a window, which is some 7 MB:
   * four where the heap is large.
   */
  private static final int TOTAL_TIMES =
      (int) Math.max(1, Math.min(4, Runtime.getRuntime().maxMemory() >> 29));

  private final List<Pull> waiting = new ArrayList<>();
  private final Map<Pulled, Pull> totals = new EnumMap<>(Pulled.class);
  private int asking;
  private boolean rare;

  /** Who asks. */
  public interface Asker {
    /** Whether there is still reason to wait; called twice a second, on the asker's thread. */
    boolean waits();
  }

  /** Whether one more may ask; {@link #release} gives the place back. */
  public synchronized boolean acquire() {
    if (asking >= MAX) {
      return false;
    }
    asking++;
    return true;
  }

  /** Whoever asked has an answer. */
  public synchronized void release() {
    asking--;
  }

  /** The next {@code millis} as gzip pprof; null where no window came or nobody waits any more. */
  public byte @Nullable [] next(Pulled what, long millis, Asker asker) throws InterruptedException {
    Pull pull = new Pull(what, System.currentTimeMillis(), millis, true);
    synchronized (this) {
      waiting.add(pull);
      try {
        await(pull, asker, millis);
      } finally {
        waiting.remove(pull);
      }
    }
    long nanos = (pull.to - pull.from) * 1_000_000;
    return pull.from == 0 ? null : pull.profile.encode(pull.from * 1_000_000, nanos);
  }

  /**
   * All since this was asked for the first time, spans left out, as gzip pprof; the first answer
   * takes the time of a window. Null as with {@link #next}.
   */
  public byte @Nullable [] total(Pulled what, Asker asker) throws InterruptedException {
    Profile copy = new Profile(what.answer, TOTAL_TIMES);
    long to;
    long folded;
    synchronized (this) {
      Pull total = awaitTotal(what, asker);
      if (total.from == 0) {
        return null;
      }
      copy.addAll(total.profile, false);
      to = total.to;
      folded = total.profile.overflow();
    }
    if (folded > 0) {
      copy.comment(
          "[other] stands for the stacks of "
              + folded
              + " samples of windows: there was no room for more stacks");
    }
    // Outside: whoever adds the next window is not to wait for gzip.
    return copy.encodeWithAddresses(to * 1_000_000, 0);
  }

  private Pull awaitTotal(Pulled what, Asker asker) throws InterruptedException {
    Pull total = totals.get(what);
    if (total == null) {
      total = new Pull(what, System.currentTimeMillis(), FIRST_MILLIS, false);
      totals.put(what, total);
      waiting.add(total);
    }
    if (!total.done) {
      await(total, asker, FIRST_MILLIS);
    }
    return total;
  }

  private void await(Pull pull, Asker asker, long millis) throws InterruptedException {
    long end = System.nanoTime() + (millis + PATIENCE_MILLIS) * 1_000_000;
    while (!pull.done
        && asker.waits()
        && System.nanoTime() - end < (rare ? RARE_MILLIS * 1_000_000 : 0)) {
      wait(LOOK_MILLIS);
    }
  }

  @Override
  public synchronized void rare(boolean rare) {
    this.rare = rare;
  }

  /** Why none came in time. */
  public synchronized String late() {
    return rare
        ? "the application records with Flight Recorder itself, so windows last 60 s or more, and"
            + " none ended in time"
        : "the profiler had no profile yet";
  }

  @Override
  public synchronized boolean isAwaited(long startEpochNanos) {
    long start = startEpochNanos / 1_000_000;
    long now = System.currentTimeMillis();
    for (Pull pull : waiting) {
      if (start < pull.asked || now >= pull.end) {
        return true;
      }
    }
    return false;
  }

  @Override
  public synchronized void window(
      long startEpochNanos, long endEpochNanos, List<Profile> profiles) {
    long start = startEpochNanos / 1_000_000;
    long end = endEpochNanos / 1_000_000;
    for (Pull total : totals.values()) {
      if (total.done) {
        total.add(start, end, profiles, rare);
      }
    }
    for (Iterator<Pull> all = waiting.iterator(); all.hasNext(); ) {
      Pull pull = all.next();
      pull.add(start, end, profiles, rare);
      if (pull.done) {
        all.remove();
      }
    }
    notifyAll();
  }

  /** The windows of one request. */
  private static final class Pull {
    final Pulled what;
    final boolean spans;
    final Profile profile;
    final long asked;
    final long millis;

    /** When it is over: of the time that was asked for at least half is covered. */
    long end;

    long from; // 0: no window yet
    long to;
    boolean done;

    Pull(Pulled what, long asked, long millis, boolean spans) {
      this.what = what;
      this.asked = asked;
      this.millis = millis;
      this.spans = spans;
      profile = new Profile(what.answer, spans ? 1 : TOTAL_TIMES);
      end = asked + millis;
    }

    /** Where windows are rare the one under way counts as a whole. */
    void add(long start, long windowEnd, List<Profile> profiles, boolean rare) {
      if (from == 0 && (rare ? windowEnd : start) < asked) {
        return;
      }
      if (from == 0) {
        from = start;
        end = rare ? end : Math.max(end, start + millis / 2);
      }
      to = windowEnd;
      done = done || to >= end;
      for (Profile of : profiles) {
        if (what.includes(of.type())) {
          profile.addAll(of, spans);
        }
      }
    }
  }
}
