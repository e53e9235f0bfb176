package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * What came with a request from upstream: the caller's span and the state that travels on with
 * every span below it.
 *
 * <p>Immutable. {@link #valid()} is false where only baggage came.
 */
public final class Remote {
  static final int SAMPLED = 1;

  /** Upper half of the trace id. */
  public final long traceHi;

  /** Lower half of the trace id. */
  public final long traceLo;

  /** The caller's span, 0 where none came. */
  public final long spanId;

  /** W3C trace flags. */
  public final int flags;

  /** The tracestate header as it goes on downstream. */
  public final @Nullable String traceState;

  /** The baggage header as it goes on downstream. */
  public final @Nullable String baggage;

  /** Holds the given values. */
  public Remote(
      long traceHi,
      long traceLo,
      long spanId,
      int flags,
      @Nullable String traceState,
      @Nullable String baggage) {
    this.traceHi = traceHi;
    this.traceLo = traceLo;
    this.spanId = spanId;
    this.flags = flags;
    this.traceState = traceState;
    this.baggage = baggage;
  }

  /** Whether a parent span came. */
  public boolean valid() {
    return spanId != 0 && (traceHi | traceLo) != 0;
  }

  /** Whether the caller recorded its span. */
  public boolean sampled() {
    return (flags & SAMPLED) != 0;
  }
}
