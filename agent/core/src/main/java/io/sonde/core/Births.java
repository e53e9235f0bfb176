package io.sonde.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Threads that were made and of which nobody knows the number yet; and which they turn out to be.
 *
 * <p>Somebody tells later which threads have started, when, and who started them. A thread numbers
 * those that it makes upwards, so births and starts stand in the same order. What is left open by
 * threads that were never started, and by those that inherit nothing and so were not seen born, the
 * times decide: the most starts that are near to their births.
 */
final class Births {
  private static final int MANY = 4096;

  /** What the clocks of births and starts may differ by. */
  private static final long CLOCKS_NANOS = 200_000;

  /** A start that comes so late is as good as no start where another one may be meant. */
  private static final long LATE_NANOS = 100_000_000;

  /** A parent's births by its starts: where it is more, nobody looks. */
  private static final int MOST_PAIRS = 1_000_000;

  private static final byte NEITHER = 0;
  private static final byte NOT_STARTED = 1;
  private static final byte BOTH = 2;
  private static final @Nullable Class<?> VIRTUAL = virtual();

  private final Queue<Birth> births = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  /** One thread was made. */
  private static final class Birth {
    final long parent;
    final long nanos;

    /** Where it has a context. */
    final @Nullable Trail trail;

    Birth(long parent, long nanos, @Nullable Trail trail) {
      this.parent = parent;
      this.nanos = nanos;
      this.trail = trail;
    }

    boolean mayBe(ThreadStart start) {
      long thread = trail == null ? Trail.NOBODY : trail.thread();
      return nanos - start.nanos <= CLOCKS_NANOS
          && (thread == Trail.NOBODY || thread == start.thread);
    }

    void is(ThreadStart start) {
      if (trail != null && start.carrier) {
        trail.forget();
      } else if (trail != null) {
        trail.belongsTo(start.thread);
      }
    }
  }

  private static @Nullable Class<?> virtual() {
    try {
      return Class.forName("java.lang.BaseVirtualThread");
    } catch (ClassNotFoundException e) {
      return null; // before 21
    }
  }

  /**
   * Whether the current thread may make another one here: there is room, and somebody will tell who
   * starts it. For a virtual thread its carrier is told.
   */
  boolean hasRoom() {
    return count.get() < MANY && (VIRTUAL == null || !VIRTUAL.isInstance(Thread.currentThread()));
  }

  /** The same for one that has no context. */
  boolean hasRoomOutside() {
    return count.get() < MANY / 2 && hasRoom();
  }

  /** The current thread makes another one, which begins with that trail if any. */
  void add(long nanos, @Nullable Trail trail) {
    count.incrementAndGet();
    births.add(new Birth(Thread.currentThread().getId(), nanos, trail));
  }

  /** Of these nobody will tell any more, nor of virtual threads that have said that they end. */
  void forgetBefore(long nanos) {
    for (Iterator<Birth> all = births.iterator(); all.hasNext(); ) {
      Birth birth = all.next();
      Trail trail = birth.trail;
      boolean old = birth.nanos - nanos < 0;
      if (old || trail != null && trail.isFinished()) {
        all.remove();
        count.decrementAndGet();
      }
      if (old && trail != null) {
        trail.forget();
      }
    }
  }

  /** These threads have started. */
  void match(List<ThreadStart> starts) {
    Map<Long, List<ThreadStart>> startsOf = new HashMap<>();
    for (ThreadStart start : starts) {
      startsOf.computeIfAbsent(start.parent, none -> new ArrayList<>()).add(start);
    }
    Map<Long, List<Birth>> birthsOf = new HashMap<>();
    for (Birth birth : births) {
      birthsOf.computeIfAbsent(birth.parent, none -> new ArrayList<>()).add(birth);
    }
    Set<Birth> known = new HashSet<>();
    birthsOf.forEach(
        (parent, its) -> match(its, startsOf.getOrDefault(parent, new ArrayList<>()), known));
    births.removeIf(known::contains);
    count.addAndGet(-known.size());
  }

  /** Of one parent: as when two texts are compared, from the end of both. */
  private static void match(List<Birth> births, List<ThreadStart> starts, Set<Birth> known) {
    if (starts.isEmpty() || (long) births.size() * starts.size() > MOST_PAIRS) {
      return;
    }
    births.sort(Comparator.comparingLong(birth -> birth.nanos));
    starts.sort(Comparator.comparingLong(start -> start.thread));
    byte[][] choices = new byte[births.size()][starts.size()];
    long[] after = new long[starts.size() + 1]; // what is best without the births until here
    for (int i = births.size() - 1; i >= 0; i--) {
      long[] best = new long[starts.size() + 1];
      for (int j = starts.size() - 1; j >= 0; j--) {
        long both = after[j + 1] + worth(births.get(i), starts.get(j));
        best[j] = Math.max(both, Math.max(after[j], best[j + 1]));
        choices[i][j] = best[j] == after[j] ? NOT_STARTED : best[j] == both ? BOTH : NEITHER;
      }
      after = best;
    }
    int j = 0;
    for (int i = 0; i < births.size() && j < starts.size(); ) {
      byte choice = choices[i][j];
      if (choice == BOTH) {
        births.get(i).is(starts.get(j));
        known.add(births.get(i));
      }
      i += choice == NEITHER ? 0 : 1;
      j += choice == NOT_STARTED ? 0 : 1;
    }
  }

  /** 0 where one cannot be the other. */
  private static long worth(Birth birth, ThreadStart start) {
    long late = Math.max(0, start.nanos - birth.nanos);
    return birth.mayBe(start) ? LATE_NANOS - Math.min(late, LATE_NANOS - 1) : 0;
  }
}
