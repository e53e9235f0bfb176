package io.sonde.core;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One object of ours attached to one of the application's: in a field that the weaver added when
 * the class was loaded, else in a weak identity map of this holder.
 *
 * <p>The field is shared by all holders that attach to objects of the same class, so a class is
 * used by one holder only. The map is bounded: beyond {@link #MAX} live keys nothing is attached
 * any more.
 */
public final class Attached<T> {
  static final int MAX = 100_000;

  private final boolean fields;
  private final ConcurrentHashMap<Key, T> map = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  /**
   * Counts up before an entry is there and down after it is gone, which the map's own size does
   * not.
   */
  private final AtomicInteger size = new AtomicInteger();

  /** Attaches to a field where there is one. */
  public Attached() {
    this(true);
  }

  /** Attaches to no field unless {@code fields}: for objects whose field may be somebody else's. */
  Attached(boolean fields) {
    this.fields = fields;
  }

  private boolean hasField(Object object) {
    return fields && object instanceof Attachable;
  }

  /** What is attached to {@code object}. */
  @SuppressWarnings("unchecked")
  public @Nullable T get(Object object) {
    if (hasField(object)) {
      return (T) ((Attachable) object).sonde$attached();
    }
    return isEmpty() ? null : map.get(new Probe(object));
  }

  /** Attaches {@code value}, in place of what is there. */
  public void set(Object object, T value) {
    if (hasField(object)) {
      ((Attachable) object).sonde$attached(value);
      return;
    }
    expunge();
    if (size.incrementAndGet() > MAX) {
      size.decrementAndGet();
      remove(object);
    } else if (map.put(new Weak(object, collected), value) != null) {
      size.decrementAndGet();
    }
  }

  /** Detaches what is attached and returns it. */
  @SuppressWarnings("unchecked")
  public @Nullable T remove(Object object) {
    if (hasField(object)) {
      Attachable attachable = (Attachable) object;
      T value = (T) attachable.sonde$attached();
      if (value != null) {
        attachable.sonde$attached(null);
      }
      return value;
    }
    T value = isEmpty() ? null : map.remove(new Probe(object));
    if (value != null) {
      size.decrementAndGet();
    }
    return value;
  }

  /** Attaches {@code value} where nothing is attached, else returns what is; atomic in the map. */
  @Nullable T setIfAbsent(Object object, T value) {
    if (hasField(object)) {
      T there = get(object);
      if (there == null) {
        set(object, value);
      }
      return there;
    }
    expunge();
    boolean room = size.incrementAndGet() <= MAX;
    T there = room ? map.putIfAbsent(new Weak(object, collected), value) : null;
    if (!room || there != null) {
      size.decrementAndGet();
    }
    return there;
  }

  /** Attaches {@code value} if {@code expected} is attached; atomic in the map. */
  boolean replace(Object object, T expected, T value) {
    if (hasField(object)) {
      set(object, value);
      return true;
    }
    return map.replace(new Probe(object), expected, value);
  }

  /** Detaches {@code expected} if it is attached; atomic in the map. */
  boolean remove(Object object, T expected) {
    if (hasField(object)) {
      return remove(object) != null;
    }
    boolean removed = map.remove(new Probe(object), expected);
    if (removed) {
      size.decrementAndGet();
    }
    return removed;
  }

  boolean isEmpty() {
    return size.get() == 0;
  }

  private void expunge() {
    for (Reference<?> key = collected.poll(); key != null; key = collected.poll()) {
      if (map.remove((Key) key) != null) {
        size.decrementAndGet();
      }
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
