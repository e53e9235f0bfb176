package io.sonde.core.pools;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
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
  private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();

  /**
   * What was counted by pools that are gone, by the names they were shown under, of which there is
   * a bounded number: what counts must not fall because one of several pools goes.
   */
  private static final ConcurrentHashMap<String, Totals> RETIRED = new ConcurrentHashMap<>();

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

  /** Shows a pool, and where its connections' times are recorded. */
  public static <P> void seen(P pool, PoolReader<P> reader, PoolTimes times) {
    Pool known = add(pool, reader);
    if (known != null) {
      known.times = times;
    }
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
    expunge();
    if (POOLS.size() >= MAX) {
      return null;
    }
    READERS.get(pool.getClass()).compareAndSet(null, reader);
    Pool added = new Pool();
    Pool there = POOLS.putIfAbsent(new Weak(pool, COLLECTED), added);
    return there != null ? there : added;
  }

  private static void expunge() {
    for (Reference<?> key = COLLECTED.poll(); key != null; key = COLLECTED.poll()) {
      Pool gone = POOLS.remove((Key) key);
      String name = gone == null ? null : gone.shownAs;
      if (gone != null && name != null && (RETIRED.size() < MAX || RETIRED.containsKey(name))) {
        RETIRED.putIfAbsent(name, new Totals());
        Totals totals = RETIRED.get(name);
        if (totals != null) {
          totals.add(gone);
        }
      }
    }
  }

  /** Hands all pools that are alive to {@code to}. */
  static void each(Visitor to) {
    expunge();
    for (Map.Entry<Key, Pool> pool : POOLS.entrySet()) {
      Object target = pool.getKey().target();
      PoolReader<?> reader = target == null ? null : READERS.get(target.getClass()).get();
      if (target != null && reader != null) {
        to.visit(target, reader, pool.getValue());
      }
    }
  }

  static @Nullable Totals retired(String name) {
    return RETIRED.get(name);
  }

  /** Is shown each pool. */
  interface Visitor {
    void visit(Object pool, PoolReader<?> reader, Pool known);
  }

  /** What is known of a pool; it does not lead to it. */
  static final class Pool {
    volatile @Nullable String name;
    volatile @Nullable String shownAs;
    volatile @Nullable PoolTimes times;

    /** As it was last seen. */
    volatile long completed;

    final LongAdder rejected = new LongAdder();
  }

  /** What pools of one name have counted. */
  static final class Totals {
    final LongAdder completed = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final PoolTimes times = new PoolTimes();

    void add(Pool pool) {
      completed.add(pool.completed);
      rejected.add(pool.rejected.sum());
      PoolTimes of = pool.times;
      if (of != null) {
        times.add(of);
      }
    }

    void add(Totals other) {
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
