package io.sonde.core;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides at a span's start whether its trace is recorded.
 *
 * <p>The ratio follows OpenTelemetry's consistent probability sampling: a trace is kept where the
 * 56 random bits of its id reach the threshold, and the threshold stands in tracestate as {@code
 * ot=th:…}, so that every tool downstream can weigh what it sees.
 */
public final class Sampler {
  private static final long RANDOM_BITS = (1L << 56) - 1;
  private static final long STARTED = System.nanoTime();

  private final boolean followsParent;
  private final long threshold;
  private final @Nullable String th;
  private final @Nullable Carried ofRoot;
  private final @Nullable RateLimit limit;
  private final Map<String, Sampler> byOperation;

  private Sampler(boolean followsParent, long threshold, @Nullable String th) {
    this(followsParent, threshold, th, null, Collections.<String, Sampler>emptyMap());
  }

  private Sampler(
      boolean followsParent,
      long threshold,
      @Nullable String th,
      @Nullable RateLimit limit,
      Map<String, Sampler> byOperation) {
    this.followsParent = followsParent;
    this.threshold = threshold;
    this.th = th;
    this.limit = limit;
    this.byOperation = byOperation;
    this.ofRoot = Carried.of(TraceState.withThreshold(null, th), null);
  }

  /** Records every trace. */
  public static Sampler on(boolean followsParent) {
    return new Sampler(followsParent, 0, null);
  }

  /** Records no trace. */
  public static Sampler off(boolean followsParent) {
    return new Sampler(followsParent, 1L << 56, null);
  }

  /** Records this share of the traces, 0 to 1. */
  public static Sampler ratio(double ratio, boolean followsParent) {
    long kept = Math.round(Math.min(1, Math.max(0, ratio)) * (1L << 56));
    long threshold = (1L << 56) - kept;
    return kept == 0 ? off(followsParent) : new Sampler(followsParent, threshold, hex(threshold));
  }

  /** Records so many traces a second at most; no threshold, since nobody knows their share. */
  public static Sampler limited(double perSecond, boolean followsParent) {
    return perSecond > 0
        ? new Sampler(
            followsParent,
            0,
            null,
            new RateLimit(perSecond),
            Collections.<String, Sampler>emptyMap())
        : off(followsParent);
  }

  /** Decides as this one does, but for operations of these names as theirs do. */
  public Sampler with(Map<String, Sampler> operations) {
    return new Sampler(followsParent, threshold, th, limit, new HashMap<>(operations));
  }

  /**
   * The sampler of an operation, as its span is called when it starts; null where it has no name.
   */
  Sampler of(@Nullable String operation) {
    Sampler own = operation == null || byOperation.isEmpty() ? null : byOperation.get(operation);
    return own == null ? this : own;
  }

  private static String hex(long threshold) {
    char[] digits = new char[14];
    int length = 1;
    for (int i = 0; i < 14; i++) {
      int digit = (int) (threshold >>> (52 - 4 * i)) & 15;
      digits[i] = Hex.digit(digit);
      if (digit != 0) {
        length = i + 1;
      }
    }
    return new String(digits, 0, length);
  }

  /** Whether the first span of this process records the trace; those below it do as it does. */
  boolean sampled(long traceLo, @Nullable Incoming incoming) {
    if (incoming == null) {
      return reaches(traceLo);
    }
    if (follows(incoming)) {
      return incoming.is(Incoming.SAMPLED);
    }
    long explicit = TraceState.randomness(incoming.traceState);
    return reaches(explicit >= 0 ? explicit : traceLo);
  }

  private boolean follows(Incoming incoming) {
    return followsParent
        && !incoming.is(Incoming.DEFERRED)
        && (incoming.valid() || incoming.is(Incoming.DECISION_ALONE));
  }

  private boolean reaches(long random) {
    return limit == null
        ? (random & RANDOM_BITS) >= threshold
        : limit.take(System.nanoTime() - STARTED);
  }

  /** What goes downstream from there. */
  @Nullable Carried carried(@Nullable Incoming incoming, boolean sampled) {
    if (incoming == null || incoming.traceState == null && incoming.baggage == null) {
      return sampled && (incoming == null || !follows(incoming)) ? ofRoot : null;
    }
    boolean unchanged = th == null || follows(incoming);
    return Carried.of(
        unchanged
            ? incoming.traceState
            : TraceState.withThreshold(incoming.traceState, sampled ? th : null),
        incoming.baggage);
  }
}
