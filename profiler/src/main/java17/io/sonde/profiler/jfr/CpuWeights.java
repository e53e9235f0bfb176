package io.sonde.profiler.jfr;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a sample of a running thread stands for, where samples are taken at fixed times and of a few
 * threads at once: the CPU time of its thread, divided among the thread's samples.
 *
 * <p>Virtual threads, and threads that lived too shortly to be counted, share what the threads
 * without samples took, which their carriers are among. A carrier that has a sample of its own, as
 * it went from one virtual thread to the next, has its share of that too: nearly all of its CPU
 * time is theirs.
 */
final class CpuWeights {
  /** A tick looks at no more than so many threads of all that run. */
  private static final int MOST = 16;

  private final Map<Long, Integer> samples = new HashMap<>();
  private final CpuTimes times;
  private final long period;
  private final Set<Long> carriers;
  private long perOther;

  CpuWeights(CpuTimes times, long period, Set<Long> carriers) {
    this.times = times;
    this.period = period;
    this.carriers = carriers;
  }

  void count(long thread) {
    samples.merge(thread, 1, Integer::sum);
  }

  /** All samples are counted. */
  void settle() {
    long counted = 0;
    long others = 0;
    for (Map.Entry<Long, Integer> entry : samples.entrySet()) {
      long time = own(entry.getKey());
      if (time > 0) {
        counted += time;
      } else {
        others += entry.getValue();
      }
    }
    if (others > 0) {
      long left = times.window() - counted;
      perOther = times.ofThreads() ? Math.max(0, Math.min(MOST * period, left / others)) : period;
    }
  }

  long weight(long thread) {
    long time = own(thread);
    return time > 0 ? time / samples.getOrDefault(thread, 1) : perOther;
  }

  private long own(long thread) {
    return carriers.contains(thread) ? -1 : times.window(thread);
  }
}
