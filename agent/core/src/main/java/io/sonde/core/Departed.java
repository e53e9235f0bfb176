package io.sonde.core;

import java.util.ArrayList;
import java.util.List;

/**
 * Spans that left before their samples were read, until those are. Bounded, and half of the room is
 * for spans that are linked: what finds none is not counted. Not thread-safe.
 */
final class Departed {
  private static final int MAX = 4096;

  private final List<One> all = new ArrayList<>();

  /** What is to be known of one of them. */
  static final class One {
    final long id;
    final long cpu;
    final long bytes;
    final boolean byLength;
    final boolean linked;
    private final long ended;

    One(Span span, long cpu, long bytes, boolean byLength, boolean linked) {
      id = span.id();
      ended = span.endNanos();
      this.cpu = cpu;
      this.bytes = bytes;
      this.byLength = byLength;
      this.linked = linked;
    }
  }

  void add(One one) {
    if (all.size() < (one.linked ? MAX : MAX / 2)) {
      all.add(one);
    }
  }

  /** Takes out those that ended until then. */
  List<One> until(long nanos) {
    List<One> ended = new ArrayList<>();
    int kept = 0;
    for (One one : all) {
      if (one.ended - nanos > 0) {
        all.set(kept++, one);
      } else {
        ended.add(one);
      }
    }
    all.subList(kept, all.size()).clear();
    return ended;
  }

  void clear() {
    all.clear();
  }
}
