package io.sonde.exporters.pyroscope;

import io.sonde.core.Complaints;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, bounded in bytes; the oldest gives way to the newest.
 *
 * <p>The first stays here while it is under way, so that it counts.
 */
final class Backlog implements Complaints.Waiting {
  private final int capacity;
  private final ArrayDeque<Upload> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long bytes;
  private boolean woken;

  Backlog(int capacity) {
    this.capacity = capacity;
  }

  /** Adds at the end; returns how many profiles were dropped for it. */
  int add(Upload upload) {
    lock.lock();
    try {
      int dropped = 0;
      while (!waiting.isEmpty() && bytes + upload.bytes > capacity) {
        Upload oldest = waiting.removeFirst();
        bytes -= oldest.bytes;
        dropped += oldest.parts.size();
      }
      if (upload.bytes > capacity) {
        return dropped + upload.parts.size();
      }
      waiting.addLast(upload);
      bytes += upload.bytes;
      changed.signalAll();
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Puts these in the place of the first, if that is still there. */
  boolean replace(Upload first, List<Upload> by) {
    lock.lock();
    try {
      if (!remove(first)) {
        return false;
      }
      for (int i = by.size() - 1; i >= 0; i--) {
        waiting.addFirst(by.get(i));
        bytes += by.get(i).bytes;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the first away; false where it has given way to newer ones, and was counted. */
  boolean remove(Upload first) {
    lock.lock();
    try {
      if (waiting.peekFirst() != first) {
        return false;
      }
      waiting.removeFirst();
      bytes -= first.bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The first, after a wait for one; null where none came. */
  @Nullable Upload first(long waitNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = waitNanos;
      while (waiting.isEmpty() && left > 0 && !woken) {
        left = changed.awaitNanos(left);
      }
      woken = false;
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
      int profiles = 0;
      for (Upload upload : waiting) {
        profiles += upload.parts.size();
      }
      return profiles;
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
