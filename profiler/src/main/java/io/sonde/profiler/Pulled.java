package io.sonde.profiler;

import io.sonde.profiler.pprof.ProfileType;

/** What can be asked for, by the names that Go programs know it by. */
public enum Pulled {
  /** CPU time. */
  PROFILE(ProfileType.CPU, ProfileType.CPU, ProfileType.CPU),
  /** All allocations. */
  ALLOCS(ProfileType.ALLOC, ProfileType.ALLOC_IN_NEW_TLAB, ProfileType.ALLOC_OUTSIDE_TLAB),
  /** Waits for a monitor. */
  MUTEX(ProfileType.MUTEX, ProfileType.MUTEX, ProfileType.MUTEX),
  /** Parked threads. */
  BLOCK(ProfileType.BLOCK, ProfileType.BLOCK, ProfileType.BLOCK),
  /** All threads by time, where an engine has it. */
  WALL(ProfileType.WALL, ProfileType.WALL, ProfileType.WALL),
  /** Exceptions that were made, where an engine has them. */
  EXCEPTIONS(ProfileType.EXCEPTION, ProfileType.EXCEPTION, ProfileType.EXCEPTION);

  final ProfileType answer;
  private final ProfileType source;
  private final ProfileType other;

  Pulled(ProfileType answer, ProfileType source, ProfileType other) {
    this.answer = answer;
    this.source = source;
    this.other = other;
  }

  boolean includes(ProfileType type) {
    return type == source || type == other;
  }
}
