package io.sonde.profiler.jfr;

/** How allocations are sampled, by how many events there would be. */
enum AllocationMode {
  /** Each new thread-local buffer is an event. */
  ALL,
  /** The same for a part of the time, and weighted so. */
  DUTY,
  /** As many as Flight Recorder lets through, which it weighs itself. */
  SAMPLED
}
