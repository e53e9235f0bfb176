package io.sonde.exporters.otlp;

import io.sonde.core.Complaints;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The profiles that wait to be sent, bounded in bytes; the oldest give way to the newest. What is
 * under way counts as waiting and does not give way.
 */
final class ProfileBacklog implements Complaints.Waiting {
  private final long capacity;
  private final ArrayDeque<EncodedProfiles> waiting = new ArrayDeque<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long bytes;
  private int profiles;
  private int underWay;
  private boolean woken;

  ProfileBacklog(long capacity) {
    this.capacity = capacity;
  }

  /** Adds at the end; returns how many profiles were dropped for it. */
  int add(EncodedProfiles more) {
    lock.lock();
    try {
      int dropped = 0;
      while (!waiting.isEmpty() && bytes + more.bytes() > capacity) {
        dropped += removeFirst().count;
      }
      if (more.bytes() > capacity) {
        return dropped + more.count;
      }
      waiting.addLast(more);
      bytes += more.bytes();
      profiles += more.count;
      changed.signalAll();
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  private EncodedProfiles removeFirst() {
    EncodedProfiles first = waiting.removeFirst();
    bytes -= first.bytes();
    profiles -= first.count;
    return first;
  }

  /** Takes the first, after a wait for one; null where none came. It is under way from now on. */
  @Nullable EncodedProfiles take(long waitNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = waitNanos;
      while (waiting.isEmpty() && left > 0 && !woken) {
        left = changed.awaitNanos(left);
      }
      woken = false;
      EncodedProfiles first = waiting.isEmpty() ? null : removeFirst();
      underWay = first == null ? 0 : first.count;
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** What was under way has arrived, or is lost. */
  void done() {
    lock.lock();
    try {
      underWay = 0;
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

  @Override
  public int waiting() {
    lock.lock();
    try {
      return profiles + underWay;
    } finally {
      lock.unlock();
    }
  }
}
