package io.sonde.core;

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

  private final boolean followsParent;
  private final long threshold;
  private final @Nullable String th;
  private final @Nullable Remote rootState;

  private Sampler(boolean followsParent, long threshold, @Nullable String th) {
    this.followsParent = followsParent;
    this.threshold = threshold;
    this.th = th;
    this.rootState = th == null ? null : new Remote(0, 0, 0, 0, "ot=th:" + th, null);
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

  boolean root(long traceLo) {
    return (traceLo & RANDOM_BITS) >= threshold;
  }

  boolean child(boolean parentSampled, long traceLo) {
    return followsParent ? parentSampled : root(traceLo);
  }

  /** What goes downstream from a span whose parent is remote. */
  Remote stateBelow(Remote remote, boolean sampled) {
    return followsParent || th == null || !sampled ? remote : withThreshold(remote);
  }

  /** What goes downstream from a root, which may have come with baggage. */
  @Nullable Remote stateOfRoot(@Nullable Remote remote, boolean sampled) {
    if (rootState == null || !sampled) {
      return remote;
    }
    return remote == null ? rootState : withThreshold(remote);
  }

  private Remote withThreshold(Remote remote) {
    StringBuilder state = new StringBuilder(64).append("ot=th:").append(th);
    String old = remote.traceState;
    if (old != null) {
      for (String member : old.split(",")) {
        String entry = member.trim();
        if (entry.startsWith("ot=")) {
          appendOthers(state, entry.substring(3));
        }
      }
      for (String member : old.split(",")) {
        String entry = member.trim();
        if (!entry.isEmpty() && !entry.startsWith("ot=")) {
          state.append(',').append(entry);
        }
      }
    }
    return new Remote(
        remote.traceHi,
        remote.traceLo,
        remote.spanId,
        remote.flags,
        state.toString(),
        remote.baggage);
  }

  private static void appendOthers(StringBuilder state, String subKeys) {
    for (String subKey : subKeys.split(";")) {
      if (!subKey.isEmpty() && !subKey.startsWith("th:")) {
        state.append(';').append(subKey);
      }
    }
  }
}
