package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * The spans that had samples in the latest windows, and what these add up to. Bounded: what finds
 * no room has no samples here. Not thread-safe.
 */
final class SampledSpans {
  private static final int MAX = 1 << 16;

  /** A span may leave some time after its window was read. */
  static final int WINDOWS = 3;

  private long[] ids = new long[1024];
  private long[] cpu = new long[1024];
  private long[] bytes = new long[1024];
  private int[] windows = new int[1024];
  private boolean[] inProfile = new boolean[1024];
  private int count;
  private int window;

  /**
   * Whether there was room.
   *
   * @param hasIt whether the profile says that the sample is this span's
   */
  boolean add(long id, long nanos, long allocated, boolean hasIt) {
    int slot = slot(id);
    if (ids[slot] == 0) {
      if (count >= MAX) {
        return false;
      }
      if (count * 2 >= ids.length) {
        resize(ids.length * 2);
        slot = slot(id);
      }
      ids[slot] = id;
      count++;
    }
    cpu[slot] += nanos;
    bytes[slot] += allocated;
    windows[slot] = window;
    inProfile[slot] |= hasIt;
    return true;
  }

  Links.@Nullable Sampled get(long id) {
    int slot = slot(id);
    return ids[slot] == 0 ? null : new Links.Sampled(cpu[slot], bytes[slot], inProfile[slot]);
  }

  /** Forgets what had no sample for long. */
  void endWindow() {
    window++;
    resize(ids.length);
  }

  private int slot(long id) {
    int mask = ids.length - 1;
    int slot = (int) (id * 0x9E3779B97F4A7C15L >>> 40) & mask;
    while (ids[slot] != 0 && ids[slot] != id) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void resize(int size) {
    long[] before = ids;
    long[] cpuBefore = cpu;
    long[] bytesBefore = bytes;
    int[] windowsBefore = windows;
    boolean[] inProfileBefore = inProfile;
    ids = new long[size];
    cpu = new long[size];
    bytes = new long[size];
    windows = new int[size];
    inProfile = new boolean[size];
    count = 0;
    for (int i = 0; i < before.length; i++) {
      if (before[i] != 0 && window - windowsBefore[i] < WINDOWS) {
        int slot = slot(before[i]);
        ids[slot] = before[i];
        cpu[slot] = cpuBefore[i];
        bytes[slot] = bytesBefore[i];
        windows[slot] = windowsBefore[i];
        inProfile[slot] = inProfileBefore[i];
        count++;
      }
    }
  }
}
