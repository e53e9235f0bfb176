package io.sonde.profiler.jfr;

/** How far apart the samples of one window were: what a span takes before it has one. */
final class Distances {
  private long cpu;
  private long cpuSamples;
  private double bytes;
  private double squares;
  private long period;
  private int mostAllocations;

  void clear() {
    cpu = 0;
    cpuSamples = 0;
    bytes = 0;
    squares = 0;
  }

  void addCpu(long nanos) {
    cpu += nanos;
    cpuSamples++;
  }

  void addBytes(long allocated) {
    bytes += allocated;
    squares += (double) allocated * allocated;
  }

  /**
   * How the window was sampled.
   *
   * @param period the CPU time from one sample to the next
   * @param mostAllocations a second, where they are sampled by number
   */
  void wereAskedFor(long period, int mostAllocations) {
    this.period = period;
    this.mostAllocations = mostAllocations;
  }

  /** Nanoseconds of CPU time; never less than what was asked for. */
  long cpu() {
    return cpuSamples == 0 ? period : Math.max(period, cpu / cpuSamples);
  }

  /** How much further apart they are where that is asked for. */
  double cpuFactor(long nextPeriod) {
    return (double) nextPeriod / period;
  }

  /** Bytes; {@link Long#MAX_VALUE} where most of the time no allocation is seen. */
  long bytes(AllocationMode mode) {
    if (bytes == 0 || mode == AllocationMode.DUTY) {
      return Long.MAX_VALUE;
    }
    // What a byte lies in on average: busy threads have larger buffers, and of what is allocated
    // outside of them, much of it small, each object is a sample for itself alone.
    long distance = (long) (squares / bytes);
    // Every buffer is seen, or else some by chance, where it takes more to be quite sure.
    return distance * (mode == AllocationMode.ALL ? 1 : 2);
  }

  /** How much further apart allocations are where only so many are let through. */
  double bytesFactor(AllocationMode mode, int mostNext) {
    return mode == AllocationMode.SAMPLED ? (double) mostAllocations / mostNext : 1;
  }
}
