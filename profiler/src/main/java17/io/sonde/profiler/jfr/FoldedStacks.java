package io.sonde.profiler.jfr;

import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.util.IdentityHashMap;
import java.util.List;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import org.jspecify.annotations.Nullable;

/** A profile and the stacks of one recording that it holds, found again by identity. */
final class FoldedStacks {
  private final IdentityHashMap<RecordedStackTrace, Integer> known = new IdentityHashMap<>();
  private int[] frames = new int[128];
  final Profile profile;

  FoldedStacks(ProfileType type) {
    profile = new Profile(type);
  }

  int of(@Nullable RecordedStackTrace trace) {
    if (trace == null) {
      return alone("[no stack]");
    }
    Integer stack = known.get(trace);
    if (stack == null) {
      stack = fold(trace);
      known.put(trace, stack);
    }
    return stack;
  }

  /** A stack of one frame that is no method. */
  int alone(String name) {
    frames[0] = profile.frame("", name, null, null, 0, FrameKind.NATIVE);
    return profile.stack(frames, 1, false);
  }

  private int fold(RecordedStackTrace trace) {
    List<RecordedFrame> all = trace.getFrames();
    int depth = Math.min(all.size(), frames.length);
    int used = 0;
    for (int i = 0; i < depth; i++) {
      RecordedFrame frame = all.get(i);
      RecordedMethod method = frame.getMethod();
      if (method == null) {
        continue;
      }
      frames[used++] =
          profile.frame(
              method.getType().getName(),
              method.getName(),
              method.getDescriptor(),
              null,
              frame.getLineNumber(),
              "Native".equals(frame.getType()) ? FrameKind.NATIVE : FrameKind.JAVA);
    }
    return used == 0
        ? alone("[no stack]")
        : profile.stack(frames, used, trace.isTruncated() || depth < all.size());
  }
}
