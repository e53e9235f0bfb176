package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** What travels on with every span below a request; immutable, shared by them. */
final class Carried {
  final @Nullable String traceState;
  final @Nullable String baggage;

  private Carried(@Nullable String traceState, @Nullable String baggage) {
    this.traceState = traceState;
    this.baggage = baggage;
  }

  static @Nullable Carried of(@Nullable String traceState, @Nullable String baggage) {
    return traceState == null && baggage == null ? null : new Carried(traceState, baggage);
  }
}
