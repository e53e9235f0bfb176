package io.sonde.core;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue between application threads and the exporter: many producers, one consumer.
 *
 * <p>A producer never waits: when the queue is full the newest span is dropped and counted. The
 * consumer parks in {@link #await}, and a producer wakes it only when a batch is complete, so that
 * an offer is one CAS and one store as a rule.
 */
public final class SpanQueue {
  private static final int MAX = 1 << 20;

  // A slot is empty (null) or holds a span. A producer claims an index by CAS on tail after it has
  // seen that tail - head < capacity, or several alike; the slot at that index was set to null
  // before head moved past
  // it, so it is free. The consumer meets a claimed slot that is not yet written as null and waits
  // for the next look. The consumer says that it waits before it looks at the size, and a producer
  // looks whether it waits after it moved the tail: one of the two sees the other.
  private final AtomicReferenceArray<@Nullable Span> slots;
  private final int mask;
  private final int batch;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();
  private final LongAdder dropped = new LongAdder();
  private volatile @Nullable Thread waiting;

  /** A queue for at least {@code capacity} spans that wakes its consumer at {@code batch}. */
  public SpanQueue(int capacity, int batch) {
    int size = Integer.highestOneBit(Math.min(MAX, Math.max(2, capacity)) * 2 - 1);
    slots = new AtomicReferenceArray<>(size);
    mask = size - 1;
    this.batch = Math.min(batch, size / 2);
  }

  /** How many spans make a batch that is worth waking the consumer for. */
  public int batch() {
    return batch;
  }

  /** Takes the span; false where it is full and the span lost. */
  boolean offer(Span span) {
    long index;
    do {
      index = tail.get();
      if (index - head.get() > mask) {
        dropped.increment();
        return false;
      }
    } while (!tail.compareAndSet(index, index + 1));
    slots.set((int) index & mask, span);
    wake(index + 1);
    return true;
  }

  /** Takes the first {@code count} of these spans, or none where there is no room for all. */
  boolean offer(Span[] spans, int count) {
    long index;
    do {
      index = tail.get();
      if (index + count - head.get() > mask + 1) {
        return false;
      }
    } while (!tail.compareAndSet(index, index + count));
    for (int i = 0; i < count; i++) {
      slots.set((int) (index + i) & mask, spans[i]);
    }
    wake(index + count);
    return true;
  }

  private void wake(long until) {
    Thread consumer = waiting;
    if (consumer != null && until - head.get() >= batch) {
      waiting = null;
      LockSupport.unpark(consumer);
    }
  }

  /** The oldest span, or null; consumer only. */
  public @Nullable Span poll() {
    long index = head.get();
    int slot = (int) index & mask;
    Span span = slots.get(slot);
    if (span != null) {
      slots.lazySet(slot, null);
      head.lazySet(index + 1);
    }
    return span;
  }

  /**
   * Waits until a batch is complete, at most for so long; consumer only. Returns early where the
   * thread is interrupted or unparked.
   */
  public void await(long nanos) {
    waiting = Thread.currentThread();
    if (size() < batch) {
      LockSupport.parkNanos(this, nanos);
    }
    waiting = null;
  }

  /** How many spans can wait. */
  public int capacity() {
    return mask + 1;
  }

  /** How many spans wait. */
  public int size() {
    return (int) Math.max(0, tail.get() - head.get());
  }

  /** How many spans were dropped because the queue was full. */
  public long dropped() {
    return dropped.sum();
  }
}
