package io.sonde.profiler.pprof;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of profile, named as Pyroscope and its dashboards know them.
 *
 * <p>A server makes the full type of {@code series:sample:unit:period:unit}, such as {@code
 * process_cpu:cpu:nanoseconds:cpu:nanoseconds}.
 */
public enum ProfileType {
  /** CPU time: the first value in nanoseconds. */
  CPU("process_cpu", "cpu", "nanoseconds", null, null, "cpu", "nanoseconds"),
  /** Allocations in a new thread-local buffer: objects and bytes. */
  ALLOC_IN_NEW_TLAB(
      "memory",
      "alloc_in_new_tlab_objects",
      "count",
      "alloc_in_new_tlab_bytes",
      "bytes",
      "space",
      "bytes"),
  /** Allocations outside of a thread-local buffer: objects and bytes. */
  ALLOC_OUTSIDE_TLAB(
      "memory",
      "alloc_outside_tlab_objects",
      "count",
      "alloc_outside_tlab_bytes",
      "bytes",
      "space",
      "bytes"),
  /** All allocations, by the names that Go programs give them: objects and bytes. */
  ALLOC("memory", "alloc_objects", "count", "alloc_space", "bytes", "space", "bytes"),
  /** What is alive: objects and bytes. */
  LIVE("memory", "inuse_objects", "count", "inuse_space", "bytes", "space", "bytes"),
  /** Waits for a monitor: contentions and nanoseconds. */
  MUTEX("mutex", "contentions", "count", "delay", "nanoseconds", "mutex", "count"),
  /** Parked threads: contentions and nanoseconds. */
  BLOCK("block", "contentions", "count", "delay", "nanoseconds", "block", "count"),
  /** Wall clock: the first value in nanoseconds. */
  WALL("wall", "wall", "nanoseconds", null, null, "wall", "nanoseconds"),
  /** Thrown exceptions: the first value is their number. */
  EXCEPTION("exception", "exceptions", "count", null, null, "exceptions", "count"),
  /** Threads by where they are, as Go programs name their own: the first value is their number. */
  THREADS("goroutine", "goroutine", "count", null, null, "goroutine", "count");

  final String series;
  final String firstType;
  final String firstUnit;
  final @Nullable String secondType;
  final @Nullable String secondUnit;
  final String periodType;
  final String periodUnit;

  ProfileType(
      String series,
      String firstType,
      String firstUnit,
      @Nullable String secondType,
      @Nullable String secondUnit,
      String periodType,
      String periodUnit) {
    this.series = series;
    this.firstType = firstType;
    this.firstUnit = firstUnit;
    this.secondType = secondType;
    this.secondUnit = secondUnit;
    this.periodType = periodType;
    this.periodUnit = periodUnit;
  }

  /** Whether a sample has a second value. */
  public boolean hasSecond() {
    return secondType != null;
  }

  /** What the first value is, or the second one. */
  public String value(boolean second) {
    return second ? String.valueOf(secondType) : firstType;
  }

  /** The unit of the first value, or of the second one. */
  public String unit(boolean second) {
    return second ? String.valueOf(secondUnit) : firstUnit;
  }

  /** What samples are apart by. */
  public String periodType() {
    return periodType;
  }

  /** Its unit. */
  public String periodUnit() {
    return periodUnit;
  }

  /** The name of the series: the label {@code __name__} at Pyroscope. */
  public String series() {
    return series;
  }
}
