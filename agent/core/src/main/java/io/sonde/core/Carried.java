package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** What every span below a request has from it; immutable, shared by them. */
final class Carried {
  final @Nullable String traceState;
  final @Nullable String baggage;

  /** Where the spans of a trace are kept that is not sampled and may leave all the same. */
  final @Nullable KeptTrace kept;

  private Carried(@Nullable String traceState, @Nullable String baggage, @Nullable KeptTrace kept) {
    this.traceState = traceState;
    this.baggage = baggage;
    this.kept = kept;
  }

  static @Nullable Carried of(@Nullable String traceState, @Nullable String baggage) {
    return traceState == null && baggage == null ? null : new Carried(traceState, baggage, null);
  }

  static Carried with(KeptTrace kept, @Nullable Carried others) {
    return others == null
        ? new Carried(null, null, kept)
        : new Carried(others.traceState, others.baggage, kept);
  }
}
