package io.sonde.core;

import org.jspecify.annotations.Nullable;

/**
 * What the headers of one request or message say, while they are read.
 *
 * <p>One a thread, used again for each request, so that a request that is not recorded costs its
 * span alone.
 */
final class Incoming {
  static final int SAMPLED = 1;
  static final int RANDOM = 2;

  /** The caller wants this trace recorded whatever samplers say; goes on downstream. */
  static final int DEBUG = 4;

  /** The caller left the decision to us. */
  static final int DEFERRED = 8;

  /** There is no parent, but {@link #SAMPLED} says whether to record. */
  static final int DECISION_ALONE = 16;

  long traceHi;
  long traceLo;
  long spanId;
  int flags;

  /** The header that all of this came in, where it is the W3C's. */
  @Nullable String traceparent;

  @Nullable String traceState;
  @Nullable String baggage;

  /** Whether a parent span came. */
  boolean valid() {
    return spanId != 0;
  }

  boolean is(int flag) {
    return (flags & flag) != 0;
  }

  /** Sets the parent where the ids are not zero. */
  boolean parent(long traceHi, long traceLo, long spanId, int flags) {
    if ((traceHi | traceLo) == 0 || spanId == 0) {
      return false;
    }
    this.traceHi = traceHi;
    this.traceLo = traceLo;
    this.spanId = spanId;
    this.flags = flags;
    return true;
  }

  void clear() {
    traceHi = traceLo = spanId = 0;
    flags = 0;
    traceparent = traceState = baggage = null;
  }

  Remote toRemote() {
    return new Remote(traceHi, traceLo, spanId, flags & (SAMPLED | RANDOM), traceState);
  }
}
