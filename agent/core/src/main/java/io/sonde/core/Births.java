package io.sonde.core;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Platform threads that were made and of which nobody knows the number yet; which they turn out to
 * be; and those of them that say nothing, until their span ends.
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

  /** What was not started for so long is not started at all; what is younger may start yet. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  /** What is sure counts for more than all that may be. */
  private static final long SURE = 10_000 * LATE_NANOS;

  /** Births by starts: where it is more, nobody looks. */
  private static final int MOST_PAIRS = 1_000_000;

  /** So long, and for so many threads, the end of a span is awaited that they inherited. */
  private static final long LONGEST_NANOS = 600_000_000_000L;

  private static final int MANY_SILENT = 20_000;

  private static final byte NEITHER = 0;
  private static final byte NOT_STARTED = 1;
  private static final byte BOTH = 2;
  private static final @Nullable Class<?> VIRTUAL = virtual();

  private static final Comparator<ThreadStart> BY_NUMBER =
      new Comparator<ThreadStart>() {
        @Override
        public int compare(ThreadStart one, ThreadStart other) {
          return Long.compare(one.thread, other.thread);
        }
      };

  private final Queue<Birth> made = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  // The collecting thread's own: those of which nobody knows the number yet, by time for each of
  // those who made them, and those which are known, say nothing, and are in their span.
  private final List<Birth> waiting = new ArrayList<>();
  private final List<Birth> silent = new ArrayList<>();

  /** Those that came last and belong to no birth yet. */
  private final List<ThreadStart> fresh = new ArrayList<>();

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

  /** The current thread makes another one. */
  void add(Birth birth) {
    made.add(birth);
    count.incrementAndGet();
  }

  private void take() {
    for (Birth birth = made.poll(); birth != null; birth = made.poll()) {
      waiting.add(birth);
    }
  }

  /** Who has made threads. */
  Set<Long> parents() {
    take();
    Set<Long> parents = new HashSet<>();
    for (Birth birth : waiting) {
      parents.add(birth.parent);
    }
    return parents;
  }

  /** Of these nobody will tell any more. */
  void forgetBefore(long nanos) {
    take();
    int kept = 0;
    for (Birth birth : waiting) {
      if (birth.nanos - nanos < 0) {
        forget(birth);
      } else {
        birth.letSpanGo();
        waiting.set(kept++, birth);
      }
    }
    waiting.subList(kept, waiting.size()).clear();
  }

  private void forget(Birth birth) {
    count.decrementAndGet();
    birth.forget();
  }

  /** All of them, those too which are known. */
  void clear() {
    take();
    for (Birth birth : waiting) {
      forget(birth);
    }
    waiting.clear();
    silent.clear();
    fresh.clear();
    count.set(0); // also where memory was short in the middle of something
  }

  /** Tells of those who say nothing where they began, and where that ended. */
  void tell(Timeline.Sink sink, long now) {
    int kept = 0;
    for (Birth birth : silent) {
      if (!birth.isSilent()) {
        continue;
      }
      birth.tellBegin(sink);
      if (!birth.tellEnd(sink) && now - birth.nanos < LONGEST_NANOS) {
        silent.set(kept++, birth);
      }
    }
    silent.subList(kept, silent.size()).clear();
  }

  /**
   * These threads have started until then.
   *
   * @param speaking threads that have said themselves who they are
   */
  void match(List<ThreadStart> told, long until, Set<Long> speaking) {
    take();
    List<ThreadStart> starts = new ArrayList<>(fresh);
    starts.addAll(told);
    fresh.clear();
    Map<Long, List<ThreadStart>> startsOf = new HashMap<>();
    for (ThreadStart start : starts) {
      start.speaks = speaking.contains(start.thread);
      List<ThreadStart> its = startsOf.get(start.parent);
      if (its == null) {
        startsOf.put(start.parent, its = new ArrayList<>());
      }
      its.add(start);
    }
    Map<Long, List<Birth>> birthsOf = new HashMap<>(); // each of them in order
    for (Birth birth : waiting) {
      List<Birth> its = birthsOf.get(birth.parent);
      if (its == null) {
        birthsOf.put(birth.parent, its = new ArrayList<>());
      }
      its.add(birth);
    }
    for (Map.Entry<Long, List<Birth>> each : birthsOf.entrySet()) {
      List<ThreadStart> its = startsOf.get(each.getKey());
      if (its != null) {
        leaveFresh(each.getValue(), its, until - PATIENCE_NANOS);
        Collections.sort(its, BY_NUMBER);
        match(each.getValue(), its);
      }
    }
    for (ThreadStart start : starts) {
      if (!start.matched && start.nanos - until > -PATIENCE_NANOS) {
        fresh.add(start);
      }
    }
    if (silent.size() > MANY_SILENT) {
      silent.subList(0, MANY_SILENT / 4).clear(); // most of them are over
    }
    int kept = 0;
    for (Birth birth : waiting) {
      if (!birth.started) {
        waiting.set(kept++, birth);
        continue;
      }
      forget(birth);
      if (birth.isSilent()) {
        silent.add(birth);
      }
    }
    waiting.subList(kept, waiting.size()).clear();
  }

  /** The last births wait where starts are missing: which ones nobody could say. */
  private static void leaveFresh(List<Birth> births, List<ThreadStart> starts, long from) {
    int first = births.size();
    while (first > 0 && births.get(first - 1).nanos - from > 0) {
      first--;
    }
    if (first == births.size()) {
      return;
    }
    int missing = births.size() - first;
    for (ThreadStart start : starts) {
      missing -= start.nanos - births.get(first).nanos >= -CLOCKS_NANOS ? 1 : 0;
    }
    if (missing > 0) {
      births.subList(first, births.size()).clear();
    }
  }

  /** Of one parent: what lies between two threads that have said themselves who they are. */
  private static void match(List<Birth> births, List<ThreadStart> starts) {
    List<Birth> open = new ArrayList<>();
    int first = 0;
    for (Birth birth : births) {
      long thread = birth.thread();
      if (thread == Birth.NOBODY) {
        open.add(birth);
        continue;
      }
      List<ThreadStart> left = starts.subList(first, starts.size());
      int its =
          Collections.binarySearch(
              left, new ThreadStart(thread, birth.parent, 0, false), BY_NUMBER);
      if (its >= 0) {
        align(open, left.subList(0, its));
        open.clear();
        match(birth, left.get(its));
        first += its + 1;
      }
    }
    align(open, starts.subList(first, starts.size()));
  }

  /** As when two texts are compared, from the end of both. */
  private static void align(List<Birth> births, List<ThreadStart> starts) {
    if (births.isEmpty() || starts.isEmpty()) {
      return;
    }
    if ((long) births.size() * starts.size() > MOST_PAIRS) {
      for (Birth birth : births) {
        birth.started = true; // somebody has
      }
      return;
    }
    byte[][] choices = new byte[births.size()][starts.size()];
    long[] after = new long[starts.size() + 1]; // what is best without the births until here
    long[] best = new long[starts.size() + 1];
    for (int i = births.size() - 1; i >= 0; i--) {
      for (int j = starts.size() - 1; j >= 0; j--) {
        long both = after[j + 1] + worth(births.get(i), starts.get(j));
        best[j] = Math.max(both, Math.max(after[j], best[j + 1]));
        choices[i][j] = best[j] == after[j] ? NOT_STARTED : best[j] == both ? BOTH : NEITHER;
      }
      long[] before = after;
      after = best;
      best = before;
    }
    int j = 0;
    for (int i = 0; i < births.size() && j < starts.size(); ) {
      byte choice = choices[i][j];
      if (choice == BOTH) {
        match(births.get(i), starts.get(j));
      }
      i += choice == NEITHER ? 0 : 1;
      j += choice == NOT_STARTED ? 0 : 1;
    }
  }

  /** What it says for it that the one is the other, 0 where it cannot be. */
  private static long worth(Birth birth, ThreadStart start) {
    long late = start.nanos - birth.nanos;
    if (late < -CLOCKS_NANOS || late > PATIENCE_NANOS) {
      return 0;
    }
    if (!birth.isNobodys()) {
      return birth.thread() == start.thread ? SURE : 0;
    }
    if (birth.isInSpan() && start.speaks) {
      return 0;
    }
    return late < 0 ? LATE_NANOS / 2 + late : LATE_NANOS - Math.min(late, LATE_NANOS - 1);
  }

  private static void match(Birth birth, ThreadStart start) {
    birth.started = true;
    start.matched = true;
    if (birth.isInSpan() && start.carrier) {
      birth.forget();
    } else if (birth.isInSpan()) {
      birth.belongsTo(start.thread);
    }
  }
}
