package io.sonde.exporters.prometheus.write;

import io.sonde.core.Complaints;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What waits to be sent, bounded in bytes; the oldest gives way to the newest. One thread's. */
final class Backlog implements Complaints.Waiting {
  private final long capacity;
  private final ArrayDeque<Snapshot> waiting = new ArrayDeque<>();

  Backlog(long capacity) {
    this.capacity = capacity;
  }

  /** Adds at the end; returns how many samples were dropped for it. */
  int add(Snapshot snapshot) {
    int dropped = 0;
    // Anew each time: what a reading shares with the one after it counts there.
    long bytes = snapshot.bytes();
    for (Snapshot each : waiting) {
      bytes += each.bytes();
    }
    while (!waiting.isEmpty() && bytes > capacity) {
      Snapshot oldest = waiting.removeFirst();
      bytes -= oldest.bytes();
      dropped += oldest.samples();
    }
    waiting.addLast(snapshot);
    return dropped;
  }

  void removeFirst() {
    waiting.removeFirst();
  }

  @Nullable Snapshot first() {
    return waiting.peekFirst();
  }

  /** How many samples wait. */
  @Override
  public int waiting() {
    int samples = 0;
    for (Snapshot snapshot : waiting) {
      samples += snapshot.samples();
    }
    return samples;
  }
}
