package io.sonde.exporters.pyroscope;

import io.sonde.core.Complaints;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, bounded in bytes; the oldest gives way to the newest.
 *
 * <p>The first stays here while it is under way, so that it counts, and does not give way: it may
 * arrive.
 */
final class Backlog implements Complaints.Waiting {
  private final int capacity;
  private final ArrayDeque<Upload> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long bytes;
  private boolean woken;
  private boolean underWay;

  Backlog(int capacity) {
    this.capacity = capacity;
  }

  /** Adds at the end; returns how many profiles were dropped for it. */
  int add(Upload upload) {
    lock.lock();
    try {
      int dropped = 0;
      Iterator<Upload> oldest = waiting.iterator();
      int kept = underWay ? oldest.next().content.length : 0;
      if (kept + upload.content.length > capacity) {
        return 1; // nothing that gives way makes room for it
      }
      while (oldest.hasNext() && bytes + upload.content.length > capacity) {
        bytes -= oldest.next().content.length;
        oldest.remove();
        dropped++;
      }
      waiting.addLast(upload);
      bytes += upload.content.length;
      changed.signalAll();
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the first away. */
  void remove(Upload first) {
    lock.lock();
    try {
      underWay = false;
      if (waiting.peekFirst() == first) {
        waiting.removeFirst();
        bytes -= first.content.length;
      }
    } finally {
      lock.unlock();
    }
  }

  /** The first, after a wait for one; null where none came. It is under way from now on. */
  @Nullable Upload first(long waitNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = waitNanos;
      while (waiting.isEmpty() && left > 0 && !woken) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      underWay = !waiting.isEmpty();
      return waiting.peekFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Waits so long, whatever is added meanwhile. */
  void pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !woken) {
        left = changed.awaitNanos(left);
      }
      woken = false;
    } finally {
      lock.unlock();
    }
  }

  /** What was under way waits again. */
  void waits() {
    lock.lock();
    try {
      underWay = false;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the wait of now, or else the next one. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many profiles wait. */
  @Override
  public int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }
}
