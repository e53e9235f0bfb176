package io.sonde.core;

import org.jspecify.annotations.Nullable;

/** A span of another process that a span of ours links to. */
public final class Remote {
  /** Upper half of the trace id. */
  public final long traceHi;

  /** Lower half of the trace id. */
  public final long traceLo;

  /** The span's id. */
  public final long spanId;

  /** W3C trace flags. */
  public final int flags;

  /** Its tracestate. */
  public final @Nullable String traceState;

  /** Holds the given values. */
  public Remote(long traceHi, long traceLo, long spanId, int flags, @Nullable String traceState) {
    this.traceHi = traceHi;
    this.traceLo = traceLo;
    this.spanId = spanId;
    this.flags = flags;
    this.traceState = traceState;
  }
}
