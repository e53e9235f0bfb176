package io.sonde.profiler;

/**
 * The CPU time of the process that no sample stood for yet. It goes from window to window, since
 * threads are between two samples when one ends: what a window lacks the next one's samples may
 * bring.
 */
public final class Unseen {
  /** More than that was not brought forward by threads that are between two samples. */
  private static final int MOST_PERIODS = 32;

  private long nanos;

  /**
   * A window is over; what it lacks, where that is more than so little, else 0.
   *
   * @param used what the process used in it
   * @param sampled what its samples stand for
   * @param period what one of them stands for
   */
  public long after(long used, long sampled, long period, long little) {
    nanos = Math.max(-MOST_PERIODS * period, nanos + used - sampled);
    if (nanos <= Math.max(0, little)) {
      return 0;
    }
    long lacks = nanos;
    nanos = 0;
    return lacks;
  }
}
