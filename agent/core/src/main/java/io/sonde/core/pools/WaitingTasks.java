package io.sonde.core.pools;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * When the tasks of one executor were handed over that have not begun: a table of bounded size of
 * their identity hashes and times, and of nothing that would hold on to a task that never runs.
 *
 * <p>A task is looked for in a few places from the one that its hash says. Where there is no room
 * it is not noted, and so not measured. Nobody waits here.
 */
final class WaitingTasks {
  static final int FIRST = 64;
  static final int MOST = 1024;
  static final int WINDOW = 8;

  // An entry is the hash in the upper half; in the lower one a bit that says that it is not
  // measured, and below it the time in units of 16 microseconds, which are enough for ten hours.
  private static final int SHIFT = 14;
  private static final int TIME = 0x7FFF_FFFF;
  private static final long UNMEASURED = 1L << 31;
  private static final long NONE = 0;

  static final int SECOND = 1_000_000_000 >> SHIFT;
  static final int MINUTE = 60 * SECOND;

  /** So many tasks in a row began that were not noted: those that are noted never will. */
  static final int MANY = 1 << 17;

  /** So often a race is tried again. */
  private static final int TRIES = 4;

  private final AtomicLongArray entries;

  private final boolean once;

  private final AtomicInteger used = new AtomicInteger();

  /** When the task was handed over that began last; a hint that threads write without order. */
  private int latest = now();

  /** How many began in a row that were not noted; a hint too. */
  private int missed;

  /**
   * Has no task.
   *
   * @param once whether one that is here already is not noted again; then it is also known whether
   *     there is any
   */
  WaitingTasks(int size, boolean once) {
    entries = new AtomicLongArray(size);
    this.once = once;
  }

  private boolean grows() {
    return entries.length() < MOST;
  }

  WaitingTasks larger() {
    return new WaitingTasks(entries.length() * 2, once);
  }

  /** Whether there is no task, where each is noted once. */
  boolean isEmpty() {
    return used.get() == 0;
  }

  static int now() {
    return (int) (System.nanoTime() >>> SHIFT) & TIME;
  }

  private static long entry(int hash, int time) {
    long entry = (long) hash << 32 | time & TIME;
    return entry == NONE ? 1 : entry;
  }

  private static boolean is(long entry, int hash) {
    return entry != NONE && (int) (entry >>> 32) == hash;
  }

  private static int between(long from, int to) {
    return to - (int) from & TIME;
  }

  private int place(int hash, int i) {
    return hash + i & entries.length() - 1;
  }

  private boolean put(int place, long entry) {
    boolean done = entries.compareAndSet(place, NONE, entry);
    if (once && done) {
      used.incrementAndGet();
    }
    return done;
  }

  private boolean clear(int place, long entry) {
    boolean done = entries.compareAndSet(place, entry, NONE);
    if (once && done) {
      used.decrementAndGet();
    }
    return done;
  }

  /** Notes the task; false where a larger table may have room for it. */
  boolean note(int hash, int time) {
    for (int tries = 0; tries < TRIES; tries++) {
      int free = -1;
      int same = 0;
      for (int i = 0; i < WINDOW; i++) {
        int place = place(hash, i);
        long there = entries.get(place);
        if (there == NONE) {
          free = free < 0 ? place : free;
        } else if (is(there, hash)) {
          if (once || (there & UNMEASURED) != 0) {
            again(place, there, hash, time);
            return true;
          }
          same++;
        }
      }
      if (free < 0 && same < WINDOW && grows()) {
        return false;
      }
      if (free < 0) {
        free = room(hash);
      }
      if (free < 0) {
        unmeasured(hash, time);
        return true;
      }
      if (put(free, entry(hash, time))) {
        return true;
      }
    }
    return true;
  }

  /** A place that was made free, or -1. */
  private int room(int hash) {
    for (int i = 0; i < WINDOW; i++) {
      int place = place(hash, i);
      long there = entries.get(place);
      if (passed(there) && clear(place, there)) {
        return place;
      }
    }
    return -1;
  }

  /** Tasks that came a second later have begun: its turn would have come. */
  private boolean passed(long entry) {
    int later = between(entry, latest);
    return later > SECOND && later < TIME / 2;
  }

  /**
   * One that waits more often than there is room for: which of its runs belongs to which entry
   * would not be known any more, so it is not measured until nobody has handed it over for a
   * minute.
   */
  private void unmeasured(int hash, int time) {
    boolean said = false;
    for (int i = 0; i < WINDOW; i++) {
      int place = place(hash, i);
      long there = entries.get(place);
      if (is(there, hash)) {
        if (said) {
          clear(place, there);
        } else {
          said = entries.compareAndSet(place, there, entry(hash, time) | UNMEASURED);
        }
      }
    }
  }

  private void again(int place, long there, int hash, int time) {
    if ((there & UNMEASURED) != 0) {
      boolean measured = between(there, time) > MINUTE;
      entries.compareAndSet(place, there, entry(hash, time) | (measured ? 0 : UNMEASURED));
    }
  }

  /** A run of it will not happen: the one that was noted last. */
  void forget(int hash, int time) {
    int newest = -1;
    long entry = NONE;
    for (int i = 0; i < WINDOW; i++) {
      long there = entries.get(place(hash, i));
      if (is(there, hash)
          && (there & UNMEASURED) == 0
          && (newest < 0 || between(there, time) < between(entry, time))) {
        newest = place(hash, i);
        entry = there;
      }
    }
    if (newest >= 0) {
      clear(newest, entry);
    }
  }

  /** A run of it begins: for how many nanoseconds it was noted, -1 where that is not known. */
  long begin(int hash, int time) {
    for (int tries = 0; tries < TRIES; tries++) {
      int first = -1;
      long entry = NONE;
      for (int i = 0; i < WINDOW; i++) {
        long there = entries.get(place(hash, i));
        if (!is(there, hash)) {
          continue;
        }
        if ((there & UNMEASURED) != 0) {
          return -1;
        }
        if (first < 0 || before(there, entry, time)) {
          first = place(hash, i);
          entry = there;
        }
      }
      if (first < 0) {
        missed(time);
        return -1;
      }
      if (clear(first, entry)) {
        missed = 0;
        latest = (int) entry & TIME;
        return (long) between(entry, time) << SHIFT;
      }
    }
    return -1;
  }

  private void missed(int time) {
    if (++missed < MANY) {
      return;
    }
    missed = 0;
    for (int place = 0; place < entries.length(); place++) {
      long there = entries.get(place);
      if (there != NONE && between(there, time) > SECOND) {
        clear(place, there);
      }
    }
  }

  /** Whether a run belongs to the one entry and not to the other: those passed over come last. */
  private boolean before(long one, long other, int now) {
    boolean passed = passed(one);
    return passed == passed(other) ? between(one, now) > between(other, now) : !passed;
  }
}
