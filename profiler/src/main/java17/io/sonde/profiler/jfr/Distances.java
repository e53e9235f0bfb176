package io.sonde.profiler.jfr;

/** How far apart the samples of one window were: what a span takes before it has one. */
final class Distances {
  private long cpu;
  private long cpuSamples;
  private long bytes;
  private long allocations;

  void clear() {
    cpu = 0;
    cpuSamples = 0;
    bytes = 0;
    allocations = 0;
  }

  void addCpu(long nanos) {
    cpu += nanos;
    cpuSamples++;
  }

  void addBytes(long allocated) {
    bytes += allocated;
    allocations++;
  }

  /** Nanoseconds of CPU time; never less than what was asked for. */
  long cpu(long period) {
    return cpuSamples == 0 ? period : Math.max(period, cpu / cpuSamples);
  }

  /** Bytes; {@link Long#MAX_VALUE} where most of the time no allocation is seen. */
  long bytes(AllocationMode mode) {
    if (allocations == 0 || mode == AllocationMode.DUTY) {
      return Long.MAX_VALUE;
    }
    // Every buffer is seen, or else some by chance, where it takes more to be quite sure.
    return bytes / allocations * (mode == AllocationMode.ALL ? 1 : 2);
  }
}
