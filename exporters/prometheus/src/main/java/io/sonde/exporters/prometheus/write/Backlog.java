package io.sonde.exporters.prometheus.write;

import io.sonde.core.Complaints;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What waits to be sent, bounded in bytes; the oldest gives way to the newest. One thread's. */
final class Backlog implements Complaints.Waiting {
  private final long capacity;
  private final ArrayDeque<Snapshot> waiting = new ArrayDeque<>();
  private long bytes;

  Backlog(long capacity) {
    this.capacity = capacity;
  }

  /** Adds at the end; returns how many samples were dropped for it. */
  int add(Snapshot snapshot) {
    int dropped = 0;
    long more = snapshot.bytes();
    while (!waiting.isEmpty() && bytes + more > capacity) {
      dropped += waiting.peekFirst().samples();
      removeFirst();
    }
    waiting.addLast(snapshot);
    bytes += more;
    return dropped;
  }

  void removeFirst() {
    bytes -= waiting.removeFirst().bytes();
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
