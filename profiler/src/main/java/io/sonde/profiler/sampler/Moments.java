package io.sonde.profiler.sampler;

import io.sonde.core.Links;
import io.sonde.profiler.Join;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.util.Arrays;

/**
 * The samples of one window until its timeline is there.
 *
 * <p>A stack was taken between two moments: the sample has a span where the thread was in the same
 * one at both, and was not in the middle of a change.
 */
final class Moments {
  private static final int MAX = 100_000;
  private static final int WORDS = 3; // thread, from, to
  private static final long NEVER = Long.MIN_VALUE;

  private final Profile profile = new Profile(ProfileType.CPU);
  private long[] words = new long[WORDS * 256];
  private int[] stacks = new int[256];
  private int[] frames = new int[128];
  private int count;

  /** Whether there was room. */
  boolean add(long thread, long from, long to, StackTraceElement[] trace) {
    if (count == MAX || trace.length == 0) {
      return false;
    }
    if (count == stacks.length) {
      stacks = Arrays.copyOf(stacks, count * 2);
      words = Arrays.copyOf(words, words.length * 2);
    }
    words[count * WORDS] = thread;
    words[count * WORDS + 1] = isChanging(trace) ? NEVER : from;
    words[count * WORDS + 2] = to;
    stacks[count++] = stack(trace);
    return true;
  }

  /** Whether the thread goes over to another span, which may be written already or not yet. */
  private static boolean isChanging(StackTraceElement[] trace) {
    return trace[0].getClassName().startsWith("io.sonde.core.");
  }

  private int stack(StackTraceElement[] trace) {
    int depth = Math.min(trace.length, frames.length);
    for (int i = 0; i < depth; i++) {
      StackTraceElement frame = trace[i];
      frames[i] =
          profile.frame(
              frame.getClassName(),
              frame.getMethodName(),
              null,
              frame.getFileName(),
              frame.getLineNumber(),
              frame.isNativeMethod() ? FrameKind.NATIVE : FrameKind.JAVA);
    }
    return profile.stack(frames, depth, depth == frames.length);
  }

  /** The profile, with what the process used beyond its samples as a stack of its own. */
  Profile join(Join join, BusyThreads busy, long process, long period) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      long thread = words[i * WORDS];
      long weight = busy.weight(thread);
      sum += weight;
      long from = words[i * WORDS + 1];
      if (from == NEVER) {
        join.findNone();
      } else {
        join.find(thread, from, words[i * WORDS + 2]);
      }
      boolean inSpan =
          profile.add(
              stacks[i], join.span(), join.traceHi(), join.traceLo(), join.endpoint(), weight, 0);
      Links.sampled(join.span(), weight, 0, inSpan);
    }
    if (process > sum) {
      frames[0] =
          profile.frame(
              "", "[JVM: GC, JIT and what is not sampled]", null, null, 0, FrameKind.NATIVE);
      profile.add(profile.stack(frames, 1, false), 0, 0, 0, null, process - sum, 0);
    }
    profile.period(period);
    return profile;
  }
}
