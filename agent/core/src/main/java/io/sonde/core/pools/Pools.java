package io.sonde.core.pools;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The application's pools that are alive, {@link #MAX} at most.
 *
 * <p>Called where a pool or one of its workers starts, which is seldom. A pool that nobody holds
 * any more vanishes from here, and nothing here keeps its class loader.
 */
public final class Pools {
  static final int MAX = 1_000;

  private static volatile boolean on;

  private static final ConcurrentHashMap<Key, Pool> POOLS = new ConcurrentHashMap<>();

  /** Held while what a pool counted goes over to the retired totals. */
  private static final ReentrantLock MOVING = new ReentrantLock();

  private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();

  /**
   * What was counted by pools that are gone, by the names they were shown under, of which there is
   * a bounded number: what counts must not fall because one of several pools goes.
   */
  private static final ConcurrentHashMap<String, Totals> RETIRED_CONNECTIONS =
      new ConcurrentHashMap<>();

  private static final ConcurrentHashMap<String, Totals> RETIRED_WORKERS =
      new ConcurrentHashMap<>();

  /** The reader of each class, held by the class itself. */
  private static final ClassValue<AtomicReference<PoolReader<?>>> READERS =
      new ClassValue<AtomicReference<PoolReader<?>>>() {
        @Override
        protected AtomicReference<PoolReader<?>> computeValue(Class<?> type) {
          return new AtomicReference<>();
        }
      };

  private Pools() {}

  /** From now on pools are remembered, because somebody reads them. */
  public static void start() {
    on = true;
  }

  /** Whether somebody reads pools. */
  public static boolean on() {
    return on;
  }

  /** Shows a pool; cheap when it was shown before. */
  public static <P> void seen(P pool, PoolReader<P> reader) {
    add(pool, reader);
  }

  /**
   * Shows a pool, and returns where its times are recorded: {@code times}, unless another thread
   * was first.
   */
  public static <P> PoolTimes seen(P pool, PoolReader<P> reader, PoolTimes times) {
    Pool known = add(pool, reader);
    if (known == null || known.times.compareAndSet(null, times)) {
      return times;
    }
    PoolTimes there = known.times.get();
    return there == null ? times : there;
  }

  /** Shows a pool on the thread of one of its workers: the first one's name is the pool's. */
  public static <P> void worker(P pool, PoolReader<P> reader) {
    Pool known = add(pool, reader);
    if (known != null && known.name == null) {
      known.name = PoolName.ofThread(Thread.currentThread().getName());
    }
  }

  /** The pool did not take a task. */
  public static <P> void rejected(P pool, PoolReader<P> reader) {
    Pool known = add(pool, reader);
    if (known != null) {
      known.rejected.increment();
    }
  }

  private static @Nullable Pool add(Object pool, PoolReader<?> reader) {
    if (!on) {
      return null;
    }
    Pool known = POOLS.get(new Probe(pool));
    if (known != null) {
      return known;
    }
    makeRoom();
    if (POOLS.size() >= MAX) {
      return null;
    }
    READERS.get(pool.getClass()).compareAndSet(null, reader);
    Pool added = new Pool();
    Pool there = POOLS.putIfAbsent(new Weak(pool, COLLECTED), added);
    return there != null ? there : added;
  }

  /** Makes room unless somebody else is at it: threads of the application do not wait. */
  private static void makeRoom() {
    if (MOVING.tryLock()) {
      try {
        expunge();
      } finally {
        MOVING.unlock();
      }
    }
  }

  private static void expunge() {
    for (Reference<?> key = COLLECTED.poll(); key != null; key = COLLECTED.poll()) {
      Pool gone = POOLS.remove((Key) key);
      if (gone != null) {
        retire(gone);
      }
    }
  }

  private static void retire(Pool gone) {
    gone.retired = true;
    String name = gone.shownAs;
    Map<String, Totals> retired = gone.connections ? RETIRED_CONNECTIONS : RETIRED_WORKERS;
    if (name != null && (retired.size() < MAX || retired.containsKey(name))) {
      retired.putIfAbsent(name, new Totals());
      Totals totals = retired.get(name);
      if (totals != null) {
        totals.add(gone);
      }
    }
  }

  /** All pools that are alive or were until just now. */
  static List<Alive> alive() {
    List<Alive> alive = new ArrayList<>();
    for (Map.Entry<Key, Pool> pool : POOLS.entrySet()) {
      alive.add(new Alive(pool.getKey(), pool.getValue()));
    }
    return alive;
  }

  /**
   * Adds to each sum what its pools have counted, those that are gone included: each pool once,
   * also if it goes meanwhile.
   */
  static void total(List<Alive> pools, Sums sums) {
    MOVING.lock();
    try {
      expunge();
      for (Alive pool : pools) {
        Totals totals = pool.known.retired ? null : sums.totals(pool.known);
        if (totals != null) {
          totals.add(pool.known);
        }
      }
      sums.retired(RETIRED_CONNECTIONS, RETIRED_WORKERS);
    } finally {
      MOVING.unlock();
    }
  }

  /** Where the totals go. */
  interface Sums {
    /** The sum that the pool is part of, null for none. */
    @Nullable Totals totals(Pool pool);

    /** What pools that are gone had counted, by the names they were shown under. */
    void retired(Map<String, Totals> connections, Map<String, Totals> workers);
  }

  /** A pool that was alive a moment ago. */
  static final class Alive {
    final Pool known;
    private final Key key;

    Alive(Key key, Pool known) {
      this.key = key;
      this.known = known;
    }

    /** The pool, null where it is gone. */
    @Nullable Object pool() {
      return key.target();
    }

    /** Who can read it. */
    @SuppressWarnings("unchecked")
    static @Nullable PoolReader<Object> reader(Object pool) {
      return (PoolReader<Object>) READERS.get(pool.getClass()).get();
    }
  }

  /** What is known of a pool; it does not lead to it. */
  static final class Pool {
    volatile @Nullable String name;

    /** Decided once, when it is first shown. */
    volatile @Nullable String shownAs;

    /** What it is shown as. */
    volatile boolean connections;

    /** Whether what it counted has gone to the retired totals. */
    volatile boolean retired;

    final AtomicReference<@Nullable PoolTimes> times = new AtomicReference<>();

    /** As it was last seen, and never less. */
    volatile long completed = PoolNumbers.UNKNOWN;

    final LongAdder rejected = new LongAdder();
  }

  /** What pools of one name have counted. */
  static final class Totals {
    final LongAdder completed = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final PoolTimes times = new PoolTimes();

    /** Whether any of them tells how many tasks it has completed. */
    boolean completes;

    void add(Pool pool) {
      long ran = pool.completed;
      if (ran != PoolNumbers.UNKNOWN) {
        completes = true;
        completed.add(ran);
      }
      rejected.add(pool.rejected.sum());
      PoolTimes of = pool.times.get();
      if (of != null) {
        times.add(of);
      }
    }

    void add(Totals other) {
      completes |= other.completes;
      completed.add(other.completed.sum());
      rejected.add(other.rejected.sum());
      times.add(other.times);
    }
  }

  /** Equal where both are for the same object. */
  private interface Key {
    @Nullable Object target();
  }

  private static final class Probe implements Key {
    private final Object target;

    Probe(Object target) {
      this.target = target;
    }

    @Override
    public Object target() {
      return target;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(target);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key && ((Key) other).target() == target;
    }
  }

  private static final class Weak extends WeakReference<Object> implements Key {
    private final int hash;

    Weak(Object target, ReferenceQueue<Object> collected) {
      super(target, collected);
      hash = System.identityHashCode(target);
    }

    @Override
    public @Nullable Object target() {
      return get();
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      Object target = get();
      return target != null && other instanceof Key && ((Key) other).target() == target;
    }
  }
}
